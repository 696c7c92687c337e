import assert from "node:assert/strict";
import { EgressAlerts, EgressAlertsArgs } from "../../../../components";
import { PrometheusRule, certificateAlerts } from "../../../../plan/pki/certificateAlerts";
import { record, refusedPaths, run } from "../../../support/mocks";

const good: EgressAlertsArgs = { gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" } };

async function rule(args: EgressAlertsArgs): Promise<PrometheusRule> {
    const recorder = await record();
    await run(recorder, () => new EgressAlerts("alerts", args));
    return recorder.named("alerts-rule").inputs as unknown as PrometheusRule;
}

describe("EgressAlerts", () => {
    it("is one rule with the certificates' alerts and its own, for its own gateway alone", async () => {
        const { kind, metadata, spec } = await rule({ ...good, namespace: "monitoring", labels: { team: "platform" } });
        assert.equal(kind, "PrometheusRule");
        assert.deepEqual(metadata, { name: "alerts", namespace: "monitoring", labels: { team: "platform" } });
        const options = { name: "alerts", namespace: "monitoring", labels: {}, gatewayNamespace: "istio-egress" };
        const certificates = certificateAlerts({ ...options, warningHours: 720, lastHours: 168 });
        assert.deepEqual(spec.groups.slice(-1), certificates.spec.groups);
        for (const { expr } of spec.groups.slice(0, -1).flatMap(({ rules }) => rules)) {
            assert.match(expr, /namespace="istio-egress"/);
        }
    });

    it("burns no faster than the objective allows", async () => {
        const limits = async (objective: number) => {
            const { spec } = await rule({ ...good, objective });
            return spec.groups[1].rules.map(({ expr }) => Number(/} > ([0-9.]+) and/.exec(expr)?.[1]));
        };
        assert.deepEqual(await limits(99.9), [0.0144, 0.006, 0.003, 0.001]);
        assert.deepEqual(await limits(99), [0.144, 0.06, 0.03, 0.01]);
    });

    const refused: [keyof EgressAlertsArgs, number][] = [
        ["objective", 100],
        ["objective", 0.999],
        ["leastFailures", 0],
        ["quietHours", 13],
        ["warningHours", 0],
    ];
    for (const [path, value] of refused) {
        it(`refuses ${value} for ${path}`, async () => {
            const args = { ...good, [path]: value };
            assert.deepEqual(await refusedPaths(() => new EgressAlerts("alerts", args)), [path]);
        });
    }
});
