import assert from "node:assert/strict";
import { EgressAlerts, EgressAlertsArgs } from "../../../../components";
import { PrometheusRule, certificateAlerts } from "../../../../plan/pki/certificateAlerts";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: EgressAlertsArgs = { gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" } };

interface ManagedGroup {
    scopes: string[];
    clusterName: string;
    rules: {
        alert?: string;
        expression: string;
        for: string;
        severity: number;
        labels: Record<string, string>;
        annotations: Record<string, string>;
        actions: unknown[];
    }[];
}

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

    const managed = {
        workspaceId: "/subscriptions/s/resourceGroups/m/providers/Microsoft.Monitor/accounts/company",
        clusterId: "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/aks",
        resourceGroupName: "r",
        location: "westeurope",
    };
    const onCall = "/subscriptions/s/resourceGroups/m/providers/Microsoft.Insights/actionGroups/on-call";

    it("is the same rules as groups of Azure's managed Prometheus, for its own cluster alone", async () => {
        const { spec } = await rule(good);
        const recorder = await record();
        const alerts = await run(
            recorder,
            () => new EgressAlerts("alerts", { ...good, managed, actionGroupIds: [onCall] }),
        );
        assert.deepEqual(
            recorder.resources.filter(({ type }) => type.startsWith("kubernetes:")),
            [],
        );
        const groups = recorder.ofType("azure-native:alertsmanagement:PrometheusRuleGroup");
        assert.equal(groups.length, spec.groups.length);
        assert.equal((await valueOf(alerts.ruleName)).split(", ").length, groups.length);
        for (const { name, rules } of spec.groups) {
            const made = recorder.named(`alerts-${name}`).inputs as unknown as ManagedGroup;
            assert.deepEqual(made.scopes, [managed.workspaceId, managed.clusterId]);
            assert.equal(made.clusterName, "aks");
            assert.deepEqual(
                made.rules.map(({ expression }) => expression),
                rules.map(({ expr }) => expr),
            );
            assert.ok(made.rules.length <= 20, "Azure allows 20 rules in a group");
            for (const one of made.rules.filter(({ alert }) => alert !== undefined)) {
                assert.match(one.for, /^PT\d+[MH]$/);
                assert.equal(one.severity, one.labels.severity === "critical" ? 0 : 2);
                assert.deepEqual(one.actions, [{ actionGroupId: onCall }]);
                assert.deepEqual(Object.keys(one.annotations).sort(), ["description", "summary"]);
            }
        }
    });

    it("refuses settings of rules that are somewhere else", async () => {
        const paths = (args: Partial<EgressAlertsArgs>) =>
            refusedPaths(() => new EgressAlerts("alerts", { ...good, ...args }));
        assert.deepEqual(await paths({ managed, namespace: "monitoring", labels: { a: "b" } }), [
            "namespace",
            "labels",
        ]);
        assert.deepEqual(await paths({ actionGroupIds: [onCall] }), ["actionGroupIds"]);
        assert.deepEqual(await paths({ managed, actionGroupIds: ["on-call"] }), ["actionGroupIds[0]"]);
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
