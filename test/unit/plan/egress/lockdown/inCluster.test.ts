import assert from "node:assert/strict";
import fc from "fast-check";
import {
    inClusterAuthorization,
    inClusterHosts,
    validateInCluster,
} from "../../../../../plan/egress/lockdown/inCluster";
import { gatewayPolicy, lockedPolicy } from "../../../../../plan/egress/lockdown/networkPolicies";
import { sidecarScope } from "../../../../../plan/egress/lockdown/sidecarScope";
import { label } from "../../../../support/arbitraries";

const CONTEXT = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };

const port = fc.integer({ min: 1, max: 65535 }).filter((one) => one < 15000 || one > 15099);
const destinations = fc
    .uniqueArray(label(), { maxLength: 4 })
    .chain((namespaces) =>
        fc.tuple(
            ...namespaces.map((namespace) =>
                fc.uniqueArray(port, { minLength: 1, maxLength: 3 }).map((ports) => ({ namespace, ports })),
            ),
        ),
    );

function paths(list: Parameters<typeof validateInCluster>[1]): string[] {
    return validateInCluster("alsoReaches", list).map(({ path }) => path);
}

describe("what locked namespaces may call in the cluster", () => {
    it("is a namespace once, with ports that are not the proxies'", () => {
        fc.assert(
            fc.property(destinations, (list) => {
                assert.deepEqual(paths(list), []);
                if (list.length > 0) {
                    assert.deepEqual(paths([...list, list[0]]), [`alsoReaches[${list.length}].namespace`]);
                }
            }),
        );
        assert.deepEqual(paths([{ namespace: "a", ports: [] }]), ["alsoReaches[0].ports"]);
        assert.deepEqual(paths([{ namespace: "*", ports: [80] }]), ["alsoReaches[0].namespace"]);
        for (const wrong of [0, 65536, 1.5, NaN, 15001, 15008, 15020]) {
            assert.deepEqual(paths([{ namespace: "a", ports: [80, wrong] }]), ["alsoReaches[0].ports[1]"]);
        }
    });

    it("is in the NetworkPolicy, the Sidecar and the servers' own policy, and there is nothing else", () => {
        fc.assert(
            fc.property(destinations, fc.boolean(), (list, calls) => {
                const callers = calls ? ["locked"] : [];
                const egress = (reached: typeof list) =>
                    lockedPolicy("locked", CONTEXT, [], callers, reached).spec.egress;
                assert.deepEqual(egress(list).slice(0, egress([]).length), egress([]));
                assert.deepEqual(
                    egress(list)
                        .slice(egress([]).length)
                        .map(({ to, ports }) => [to, ports]),
                    list.map(({ namespace, ports }) => [
                        [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
                        ports.map((one) => ({ protocol: "TCP", port: one })),
                    ]),
                );
                const hosts = (reached: typeof list) =>
                    (sidecarScope("locked", CONTEXT, reached).spec.egress as { hosts: string[] }[])[0].hosts;
                assert.deepEqual(hosts(list), [
                    ...hosts([]),
                    ...inClusterHosts(list.filter(({ namespace }) => namespace !== "locked")),
                ]);
            }),
        );
    });

    it("does not bring what the servers' namespace exports of other hosts", () => {
        assert.deepEqual(inClusterHosts([{ namespace: "orders", ports: [8080] }]), [
            "orders/*.orders.svc.cluster.local",
        ]);
    });

    it("is refused on other ports by the servers' sidecars too, which go on answering everybody else", () => {
        const { metadata, spec } = inClusterAuthorization(CONTEXT.gateway, ["a", "b"], {
            namespace: "orders",
            ports: [8080, 9090],
        });
        assert.deepEqual(metadata, {
            name: "door.egress.lockdown",
            namespace: "orders",
            labels: { "mesh-egress/lockdown": "guard" },
        });
        assert.deepEqual(spec, {
            action: "DENY",
            rules: [
                {
                    from: [{ source: { namespaces: ["a", "b"] } }],
                    to: [{ operation: { notPorts: ["8080", "9090"] } }],
                },
            ],
        });
    });
});

describe("the scraper of metrics", () => {
    it("reaches the metrics of the gateway's pods and no other port, and without one nobody does", () => {
        const ingress = (scraper?: Parameters<typeof gatewayPolicy>[4]) =>
            gatewayPolicy(CONTEXT, [], ["a"], [], scraper).spec.ingress?.slice(1);
        assert.deepEqual(ingress(), []);
        assert.deepEqual(ingress({ namespace: "monitoring", podLabels: { app: "prometheus" } }), [
            {
                from: [
                    {
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
                        podSelector: { matchLabels: { app: "prometheus" } },
                    },
                ],
                ports: [15020, 15090].map((port) => ({ protocol: "TCP", port })),
            },
        ]);
    });
});
