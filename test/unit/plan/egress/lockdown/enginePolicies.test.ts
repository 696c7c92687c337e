import assert from "node:assert/strict";
import { enginePolicies } from "../../../../../plan/egress/lockdown/enginePolicies";
import { ResolvedLockdown, resolvedLockdown } from "../../../../../plan/egress/lockdown/options";
import { clusterNeeds } from "../../../../../plan/egress/lockdown/networkPolicies";
import { PolicyEngine } from "../../../../../plan/egress/lockdown/policyEngine";

const CONTEXT = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };

function options(policyEngine: PolicyEngine, nodeDnsRanges: string[]): ResolvedLockdown {
    const gatewayEgress = [{ internet: true }];
    return resolvedLockdown({
        namespaces: ["payments"],
        policyEngine,
        gatewayEgress,
        imageRegistries: ["registry.example"],
        nodeDnsRanges,
    });
}

describe("the DNS cache of the nodes", () => {
    const cache = ["169.254.20.10/32"];

    it("is allowed by its address, and by its pods where Cilium redirects to them", () => {
        const [{ to }] = clusterNeeds({ meshNamespace: "mesh-root", nodeDnsRanges: cache });
        assert.deepEqual(to.slice(1), [
            { ipBlock: { cidr: cache[0] } },
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                podSelector: { matchLabels: { "k8s-app": "node-local-dns" } },
            },
        ]);
        assert.equal(clusterNeeds({ meshNamespace: "mesh-root", nodeDnsRanges: [] })[0].to.length, 1);
    });

    it("is the host for Cilium, which a policy of its own allows on port 53, for locked pods and the gateway", () => {
        const policies = enginePolicies("lock", options("cilium", cache))
            .filter(({ kind }) => kind === "CiliumNetworkPolicy")
            .map(({ build }) => build(CONTEXT));
        assert.deepEqual(
            policies.map(({ metadata, spec }) => [metadata.namespace, spec.endpointSelector]),
            [
                ["payments", {}],
                ["egress", { matchLabels: { istio: "door" } }],
            ],
        );
        for (const { spec } of policies) {
            assert.deepEqual(spec.egress, [
                {
                    toEntities: ["host"],
                    toPorts: [{ ports: ["UDP", "TCP"].map((protocol) => ({ port: "53", protocol })) }],
                },
            ]);
        }
    });

    it("needs no policy of Cilium's where there is none, or another engine", () => {
        const made = (engine: PolicyEngine, ranges: string[]) =>
            enginePolicies("lock", options(engine, ranges)).filter(({ kind }) => kind === "CiliumNetworkPolicy");
        assert.deepEqual(made("cilium", []), []);
        for (const engine of ["azure", "calico", "other"] as const) {
            assert.deepEqual(made(engine, cache), [], engine);
        }
    });
});
