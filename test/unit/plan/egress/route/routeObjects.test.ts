import assert from "node:assert/strict";
import fc from "fast-check";
import { hostLabel, hostObjectName } from "../../../../../plan/shared/names";
import { validateRoute } from "../../../../../plan/egress/route/validateRoute";
import { LAYERS, ResolvedRoute } from "../../../../../plan/egress/route/route";
import { routeObjects, routeOutline } from "../../../../../plan/egress/route/routeObjects";
import { MODE_NAMES, anyResolvedRoute, resolvedRoute } from "../../../../support/arbitraries";

interface Tls {
    mode: string;
    sni?: string;
    subjectAltNames?: string[];
}

/** Every `tls` block of the route's rules. */
function tlsBlocks(value: unknown): Tls[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const own = "tls" in value && !Array.isArray(value.tls) ? [value.tls as Tls] : [];
    return [...own, ...Object.values(value).flatMap(tlsBlocks)];
}

describe("routeObjects", () => {
    for (const mode of MODE_NAMES) {
        it(`${mode}: are accepted, named after the hosts, made in layers, and the same every time`, () => {
            fc.assert(
                fc.property(resolvedRoute(mode), (route) => {
                    assert.deepEqual(validateRoute(route), []);
                    const objects = routeObjects(route);
                    const names = objects.map(({ object }) => `${object.kind}/${object.metadata.name}`);
                    assert.equal(new Set(names).size, names.length, "no two of one kind and name");
                    const hosts = route.hosts.flatMap((host) => [hostObjectName(host), hostLabel(host)]);
                    assert.ok(
                        objects.every(({ object }) => hosts.includes(object.metadata.name.replace(/\.leg$/, ""))),
                    );
                    assert.equal(new Set(objects.map(({ key }) => key)).size, objects.length);
                    const order = objects.map(({ layer }) => LAYERS.indexOf(layer));
                    assert.equal(objects.at(-1)?.object.kind, "ServiceEntry");
                    assert.ok(order.every((layer) => layer <= LAYERS.indexOf("entry")));
                    assert.deepEqual(routeObjects(structuredClone(route)), objects);
                }),
            );
        });
    }

    it("live in one namespace: the gateway's, or the callers'", () => {
        fc.assert(
            fc.property(anyResolvedRoute, (route) => {
                const home = route.hasGateway ? route.gateway.namespace : route.allowFrom[0].namespace;
                assert.ok(routeObjects(route).every(({ object }) => object.metadata.namespace === home));
            }),
        );
    });

    it("never originate TLS without a check of the server's name", () => {
        fc.assert(
            fc.property(anyResolvedRoute, (route) => {
                for (const tls of routeObjects(route).flatMap(({ object }) => tlsBlocks(object.spec))) {
                    if (tls.mode === "SIMPLE" || tls.mode === "MUTUAL") {
                        assert.ok(tls.sni !== undefined && route.hosts.includes(tls.sni));
                        assert.deepEqual(tls.subjectAltNames, [tls.sni]);
                    }
                }
            }),
        );
    });

    it("are outlined by what is known before anything is: their number, keys, layers and kinds", () => {
        fc.assert(
            fc.property(anyResolvedRoute, (route) => {
                const facts = (request: ReturnType<typeof routeObjects>) =>
                    request.map(({ key, layer, object }) => [key, layer, object.kind]);
                assert.deepEqual(facts(routeOutline(route)), facts(routeObjects(route)));
            }),
        );
    });

    it("are at most 1.4 a host for groups of ten, in every mode that sends HTTP through the gateway", () => {
        const hosts = Array.from({ length: 10 }, (_, index) => `h${index}.partner.example`);
        for (const mode of ["mutualTls", "simpleTls", "http"] as const) {
            const route: ResolvedRoute = {
                mode,
                hosts,
                allowFrom: [{ namespace: "payments" }],
                hasGateway: true,
                hasMesh: false,
                hasCredential: mode === "mutualTls",
                gateway: { name: "egress-gateway", namespace: "istio-egress" },
                trustDomain: "cluster.local",
                credential: "partner",
            };
            // The component is a resource too.
            assert.ok((routeObjects(route).length + 1) / hosts.length <= 1.4);
        }
    });
});
