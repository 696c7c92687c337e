import assert from "node:assert/strict";
import fc from "fast-check";
import { ClusterPolicy } from "../../../../../plan/egress/lockdown/clusterPolicy";
import { enginePolicies } from "../../../../../plan/egress/lockdown/enginePolicies";
import { resolvedLockdown } from "../../../../../plan/egress/lockdown/options";
import { label } from "../../../../support/arbitraries";

const CONTEXT = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };
const KEY = "k8s:io.kubernetes.pod.namespace";

function made(clusterPolicy: ClusterPolicy, more: { namespaces?: string[]; also?: string[]; dns?: string[] } = {}) {
    const options = resolvedLockdown({
        namespaces: more.namespaces ?? ["payments"],
        policyEngine: "other",
        clusterPolicy,
        gatewayEgress: [{ internet: true }],
        imageRegistries: ["registry.example"],
        alsoReaches: more.also?.map((namespace) => ({ namespace, ports: [8080] })),
        nodeDnsRanges: more.dns,
    });
    return enginePolicies("lock", options).map(({ build }) => build(CONTEXT));
}

describe("cluster-wide policies", () => {
    it("are none unless they are asked for", () => {
        assert.deepEqual(made("none"), []);
    });

    it("have no namespace, so that no tenant has rights on them, and names of the lockdown's own", () => {
        for (const kind of ["cilium", "calico", "clusterNetworkPolicy"] as const) {
            for (const { metadata } of made(kind)) {
                assert.deepEqual(Object.keys(metadata).sort(), ["labels", "name"]);
                assert.match(metadata.name, /^lock-cluster-(policy|baseline)$/);
            }
        }
    });

    it("select the locked namespaces, and leave out the namespaces that these may reach, and no other", () => {
        fc.assert(
            fc.property(
                fc.uniqueArray(label(), { minLength: 1, maxLength: 4 }),
                fc.uniqueArray(label(), { maxLength: 4 }),
                (namespaces, also) => {
                    const reached = [...new Set(["kube-system", "mesh-root", "egress", ...namespaces, ...also])];
                    const quoted = (list: string[]) => `{ ${list.map((one) => `'${one}'`).join(", ")} }`;
                    const named = (values: string[]) => ({
                        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }],
                    });
                    const [cilium] = made("cilium", { namespaces, also });
                    assert.deepEqual(cilium.spec, {
                        endpointSelector: { matchExpressions: [{ key: KEY, operator: "In", values: namespaces }] },
                        egressDeny: [
                            {
                                toEntities: [
                                    "world",
                                    "host",
                                    "remote-node",
                                    "health",
                                    "ingress",
                                    "unmanaged",
                                    "kube-apiserver",
                                ],
                            },
                            {
                                toEndpoints: [
                                    {
                                        matchExpressions: [
                                            { key: KEY, operator: "Exists" },
                                            { key: KEY, operator: "NotIn", values: reached },
                                        ],
                                    },
                                ],
                            },
                        ],
                    });
                    const [calico] = made("calico", { namespaces, also });
                    assert.equal(calico.spec.namespaceSelector, `kubernetes.io/metadata.name in ${quoted(namespaces)}`);
                    assert.deepEqual(calico.spec.egress, [
                        {
                            action: "Deny",
                            destination: { notSelector: `projectcalico.org/namespace in ${quoted(reached)}` },
                        },
                    ]);
                    const [admin, baseline] = made("clusterNetworkPolicy", { namespaces, also });
                    for (const { spec } of [admin, baseline]) {
                        assert.deepEqual(spec.subject, { namespaces: named(namespaces) });
                    }
                    assert.deepEqual(
                        (admin.spec.egress as { action: string; to: object[] }[]).map(({ action, to }) => [action, to]),
                        [
                            ["Pass", [{ namespaces: named(reached) }]],
                            ["Deny", [{ networks: ["0.0.0.0/0", "::/0"] }]],
                            ["Deny", [{ namespaces: {} }]],
                        ],
                    );
                },
            ),
        );
    });

    it("leave the DNS cache of the nodes on port 53 alone", () => {
        const dns = ["169.254.20.10/32", "fd00::a/128"];
        const [cilium] = made("cilium", { dns });
        const rules = cilium.spec.egressDeny as Record<string, { cidr: string; except: string[] }[]>[];
        const others = [
            {
                ports: [
                    { port: "1", endPort: 52, protocol: "ANY" },
                    { port: "54", endPort: 65535, protocol: "ANY" },
                ],
            },
        ];
        assert.ok(!rules.some((rule) => JSON.stringify(rule.toEntities ?? []).includes("world")));
        assert.deepEqual(
            rules.find(({ toCIDRSet }) => toCIDRSet),
            {
                toCIDRSet: [
                    { cidr: "0.0.0.0/0", except: [dns[0]] },
                    { cidr: "::/0", except: [dns[1]] },
                ],
            },
        );
        assert.ok(
            rules.some((rule) => JSON.stringify(rule) === JSON.stringify({ toEntities: ["host"], toPorts: others })),
        );
        assert.ok(rules.some((rule) => JSON.stringify(rule) === JSON.stringify({ toCIDR: dns, toPorts: others })));

        const [calico] = made("calico", { dns });
        assert.deepEqual(
            (calico.spec.egress as { protocol?: string; destination: Record<string, unknown> }[]).map(
                ({ protocol, destination }) => [protocol, destination.nets, destination.notPorts, destination.notNets],
            ),
            [
                ["UDP", dns, [53], undefined],
                ["TCP", dns, [53], undefined],
                [undefined, undefined, undefined, dns],
            ],
        );
        const [admin] = made("clusterNetworkPolicy", { dns });
        assert.deepEqual((admin.spec.egress as object[])[1], {
            name: "node-dns",
            action: "Pass",
            to: [{ networks: dns }],
            protocols: [{ udp: { destinationPort: { number: 53 } } }, { tcp: { destinationPort: { number: 53 } } }],
        });
    });
});
