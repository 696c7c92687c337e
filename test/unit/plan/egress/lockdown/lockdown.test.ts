import assert from "node:assert/strict";
import fc from "fast-check";
import {
    allowedNamespaces,
    validateLockdown,
    validateLockdownContext,
} from "../../../../../plan/egress/lockdown/lockdown";
import { ResolvedLockdown } from "../../../../../plan/egress/lockdown/options";
import { explain } from "../../../../../plan/shared/violation";
import { label } from "../../../../support/arbitraries";

const good: ResolvedLockdown = {
    namespaces: ["payments"],
    createNamespaces: true,
    policyEngine: "cilium",
    clusterPolicy: "none",
    staticEgressGateway: false,
    istioCni: false,
    gatewayEgress: [{ internet: true, ports: [443] }],
    alsoReaches: [],
    clusterRanges: [],
    nodeDnsRanges: [],
    controlPlaneEgress: [],
    administrators: [],
    imageRegistries: ["registry.example"],
    sharedHostsWith: [],
    allowedAnnotations: [],
    allowedResources: [],
    allowedRuntimeClasses: [],
    allowedKinds: [],
    serviceTypes: [],
};

function paths(change: Partial<ResolvedLockdown>): string[] {
    return validateLockdown({ ...good, ...change }).map(({ path }) => path);
}

describe("validateLockdown", () => {
    it("accepts any namespaces of applications, each once", () => {
        fc.assert(
            fc.property(fc.uniqueArray(label(), { minLength: 1 }), (namespaces) => {
                assert.deepEqual(paths({ namespaces }), []);
                assert.deepEqual(paths({ namespaces: [...namespaces, namespaces[0]] }), [
                    `namespaces[${namespaces.length}]`,
                ]);
            }),
        );
    });

    it("refuses none, a bad name, and those that run the cluster", () => {
        assert.deepEqual(paths({ namespaces: [] }), ["namespaces"]);
        assert.deepEqual(paths({ namespaces: ["a", "A"] }), ["namespaces[1]"]);
        assert.deepEqual(paths({ namespaces: ["kube-system"] }), ["namespaces[0]"]);
    });

    it("refuses to pretend where the gateway leaves through a static egress pool", () => {
        const [violation] = validateLockdown({ ...good, staticEgressGateway: true });
        assert.equal(violation.path, "staticEgressGateway");
        assert.match(explain(violation), /NetworkPolicies do not apply/);
    });

    it("refuses the namespaces that run the cluster wherever somebody would reach them", () => {
        for (const namespace of ["kube-system", "kube-public", "kube-node-lease"]) {
            assert.deepEqual(
                paths({ gatewayEgress: [{ namespace, ports: [443] }], alsoReaches: [{ namespace, ports: [443] }] }),
                ["gatewayEgress[0].namespace", "alsoReaches[0].namespace"],
            );
        }
    });

    it("refuses a locked namespace behind the gateway and as the scraper's, but not as one that others call", () => {
        const namespace = good.namespaces[0];
        assert.deepEqual(paths({ gatewayEgress: [{ namespace, ports: [443] }] }), ["gatewayEgress[0].namespace"]);
        assert.deepEqual(paths({ scraper: { namespace } }), ["scraper.namespace"]);
        assert.deepEqual(paths({ alsoReaches: [{ namespace, ports: [443] }] }), []);
        assert.deepEqual(paths({ scraper: { namespace: "monitoring", podLabels: { app: "prometheus" } } }), []);
        assert.deepEqual(paths({ scraper: { namespace: "monitoring", podLabels: {} } }), ["scraper.podLabels"]);
    });

    it("refuses everything at once", () => {
        const all = { namespaces: [], staticEgressGateway: true, gatewayEgress: [] };
        assert.deepEqual(paths({ controlPlaneEgress: ["10.0.0.1/32", "0.0.0.0/0", "169.254.0.0/16"] }), [
            "controlPlaneEgress[1]",
            "controlPlaneEgress[2]",
        ]);
        assert.deepEqual(paths({ ...all, nodeDnsRanges: ["x"] }), [
            "namespaces",
            "staticEgressGateway",
            "gatewayEgress",
            "nodeDnsRanges[0]",
        ]);
    });
});

describe("validateLockdownContext", () => {
    it("refuses the gateway's and the mesh's own namespace, and no other", () => {
        fc.assert(
            fc.property(fc.uniqueArray(label(), { minLength: 3 }), ([mine, egress, mesh]) => {
                const places = {
                    gateway: { name: "door", namespace: egress },
                    meshNamespace: mesh,
                    plaintextPort: false,
                };
                assert.deepEqual(
                    validateLockdownContext({ ...good, namespaces: [mine, egress, mesh] }, places).map(
                        ({ path, value }) => [path, value],
                    ),
                    [
                        ["namespaces[1]", egress],
                        ["namespaces[2]", mesh],
                    ],
                );
            }),
        );
    });
});

describe("validateLockdownContext, of what is reached", () => {
    it("refuses the gateway's and the mesh's namespace, and the gateway's own accounts as administrators", () => {
        const places = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh", plaintextPort: false };
        for (const namespace of ["egress", "mesh"]) {
            const opened = {
                ...good,
                gatewayEgress: [{ namespace, ports: [443] }],
                alsoReaches: [{ namespace, ports: [8080] }],
                administrators: [`system:serviceaccounts:${namespace}`],
            };
            assert.deepEqual(
                validateLockdownContext(opened, places).map(({ path }) => path),
                [
                    "gatewayEgress[0].namespace",
                    "alsoReaches[0].namespace",
                    ...(namespace === "egress" ? ["administrators[0]"] : []),
                ],
            );
        }
    });
});

describe("allowedNamespaces", () => {
    it("has every namespace of every route once", () => {
        fc.assert(
            fc.property(fc.array(fc.array(label(3))), (routes) => {
                const allowed = allowedNamespaces(routes);
                assert.deepEqual(new Set(allowed), new Set(routes.flat()));
                assert.equal(new Set(allowed).size, allowed.length);
            }),
        );
    });
});
