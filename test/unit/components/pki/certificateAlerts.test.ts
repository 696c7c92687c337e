import assert from "node:assert/strict";
import { CertificateAlerts, CertificateAlertsArgs } from "../../../../components";
import { AlertRule, PrometheusRule } from "../../../../plan/pki/certificateAlerts";
import { record, refusedPaths, run } from "../../../support/mocks";

const good: CertificateAlertsArgs = { gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" } };

async function rule(args: CertificateAlertsArgs): Promise<PrometheusRule> {
    const recorder = await record();
    await run(recorder, () => new CertificateAlerts("alerts", args));
    return recorder.named("alerts-rule").inputs as unknown as PrometheusRule;
}

function expression({ spec }: PrometheusRule, alert: string): string {
    const found = spec.groups
        .flatMap(({ rules }) => rules)
        .find((one): one is AlertRule => "alert" in one && one.alert === alert);
    assert.ok(found, alert);
    return found.expr;
}

describe("CertificateAlerts", () => {
    it("is a rule of the Prometheus operator, where and as Prometheus looks for it", async () => {
        const made = await rule({ ...good, namespace: "monitoring", labels: { release: "prometheus" } });
        assert.equal(made.apiVersion, "monitoring.coreos.com/v1");
        assert.equal(made.kind, "PrometheusRule");
        assert.deepEqual(made.metadata, { name: "alerts", namespace: "monitoring", labels: { release: "prometheus" } });
    });

    it("watches the credentials of its own gateway, 30 and 7 days ahead", async () => {
        const made = await rule(good);
        assert.equal(made.metadata.namespace, "istio-egress");
        const [soon, last] = ["EgressCredentialExpiresSoon", "EgressCredentialExpires"].map((one) =>
            expression(made, one),
        );
        assert.match(soon, /namespace="istio-egress".* - time\(\) < 2592000$/);
        assert.match(last, / < 604800$/);
        const [, pattern] = /__name__=~"([^"]+)"/.exec(soon) ?? [];
        // As the gateway of the lab has it for a secret named certs-partner.
        const metric = "envoy_cluster_ssl_certificate_kubernetes___certs_partner_expiration_unix_time_seconds";
        assert.match(metric, new RegExp(`^${pattern}$`));
    });

    it("takes other times, and refuses an alarm before its warning", async () => {
        const made = await rule({ ...good, warningHours: 8, lastHours: 2 });
        assert.match(expression(made, "EgressCredentialExpiresSoon"), / < 28800$/);
        const refused = (change: Partial<CertificateAlertsArgs>) =>
            refusedPaths(() => new CertificateAlerts("alerts", { ...good, ...change }));
        assert.deepEqual(await refused({ warningHours: 2, lastHours: 2 }), ["lastHours"]);
        assert.deepEqual(await refused({ warningHours: 0 }), ["warningHours"]);
    });
});
