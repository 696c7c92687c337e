import assert from "node:assert/strict";
import fc from "fast-check";
import { ResolvedRoute } from "../../../../../plan/egress/route/route";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { resolvedRoute } from "../../../../support/arbitraries";

function specs(route: ResolvedRoute, kind: string) {
    return routeObjects(route)
        .filter((object) => object.kind === kind)
        .map(({ spec }) => spec);
}

const routes = fc.constantFrom("sidecarMutualTls" as const, "sidecarSimpleTls" as const).chain(resolvedRoute);

describe("a route from the sidecar", () => {
    it("is seen by its own namespace and nobody else", () => {
        fc.assert(
            fc.property(routes, (route) =>
                routeObjects(route).forEach(({ spec }) => assert.deepEqual(spec.exportTo, ["."])),
            ),
        );
    });

    it("selects workloads wherever it uses a secret or files, and a ConfigMap where everyone may", () => {
        fc.assert(
            fc.property(routes, (route) => {
                for (const { workloadSelector, trafficPolicy } of specs(route, "DestinationRule")) {
                    const [{ tls }] = (
                        trafficPolicy as {
                            portLevelSettings: { tls: { credentialName?: string; caCertificates?: string } }[];
                        }
                    ).portLevelSettings;
                    const name = tls.credentialName ?? "";
                    if (tls.caCertificates !== undefined || (name !== "" && !name.startsWith("configmap://"))) {
                        assert.deepEqual(workloadSelector, { matchLabels: route.workloadLabels });
                    }
                    if (route.mode === "sidecarSimpleTls" && name !== "") {
                        assert.equal(name, `configmap://${route.allowFrom[0].namespace}/${route.credential}`);
                    }
                }
            }),
        );
    });

    it("answers workloads that it does not select itself, instead of sending their calls in plaintext", () => {
        fc.assert(
            fc.property(routes, (route) => {
                const [way] = specs(route, "VirtualService");
                assert.equal(way !== undefined, route.workloadLabels !== undefined);
                if (way === undefined) {
                    return;
                }
                const http = way.http as {
                    match?: { sourceLabels: object }[];
                    directResponse?: { status: number };
                }[];
                const last = http.at(-1);
                assert.equal(last?.match, undefined);
                assert.equal(last?.directResponse?.status, 403);
                assert.equal(http.length, route.hosts.length + 1);
                http.slice(0, -1).forEach(({ match }) =>
                    assert.deepEqual(match?.[0].sourceLabels, route.workloadLabels),
                );
            }),
        );
    });
});
