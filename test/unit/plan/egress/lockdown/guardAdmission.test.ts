import assert from "node:assert/strict";
import { guardAdmission, namespaceAdmission } from "../../../../../plan/egress/lockdown/guardAdmission";
import { gatewayPolicy, lockedPolicy } from "../../../../../plan/egress/lockdown/networkPolicies";
import { inClusterAuthorization } from "../../../../../plan/egress/lockdown/inCluster";
import { sidecarScope } from "../../../../../plan/egress/lockdown/sidecarScope";

const GATEWAY = { name: "door", namespace: "egress" };
const CONTEXT = { gateway: GATEWAY, meshNamespace: "mesh-root" };

describe("guards of a lockdown", () => {
    const guards = guardAdmission("x", ["a"], GATEWAY);

    it("cannot be created, changed or deleted, through any subresource, in a locked namespace or next to the gateway", () => {
        const [rule] = guards.policy.spec.matchConstraints.resourceRules;
        assert.deepEqual(rule, {
            apiGroups: ["*"],
            apiVersions: ["*"],
            operations: ["CREATE", "UPDATE", "DELETE"],
            resources: ["*/*"],
            scope: "Namespaced",
        });
        assert.deepEqual(guards.binding.spec.matchResources.namespaceSelector.matchExpressions?.[0].values, [
            "a",
            "egress",
        ]);
    });

    it("are known by name and by label, each object that the lockdown makes", () => {
        const [names] = guards.policy.spec.variables;
        const [{ expression }] = guards.policy.spec.validations;
        const made = [
            lockedPolicy("a", CONTEXT, [], []),
            gatewayPolicy(CONTEXT, [], [], []),
            sidecarScope("a", CONTEXT),
            inClusterAuthorization(GATEWAY, ["a"], { namespace: "orders", ports: [8080] }),
        ];
        for (const { metadata } of made) {
            assert.ok((JSON.parse(names.expression) as string[]).includes(metadata.name), metadata.name);
            for (const key of Object.keys(metadata.labels ?? {})) {
                assert.ok(expression.includes(JSON.stringify(key)), key);
            }
            assert.equal(Object.keys(metadata.labels ?? {}).length, 1);
        }
    });

    it("may be changed by administrators and by Kubernetes' own controllers, and by nobody else", () => {
        for (const { policy } of [guards, namespaceAdmission("x", ["a"], GATEWAY)]) {
            const conditions = policy.spec.matchConditions ?? [];
            assert.deepEqual(
                conditions.map(({ name }) => name),
                ["is-not-of-an-egress-administrator", "is-not-of-the-control-plane"],
            );
            assert.doesNotMatch(conditions[1].expression, /authenticated|"system:serviceaccounts"/);
        }
    });
});
