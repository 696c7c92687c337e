import assert from "node:assert/strict";
import fc from "fast-check";
import { hostLabel, hostObjectName } from "../../../../../plan/shared/names";
import { validateRoute } from "../../../../../plan/egress/route/validateRoute";
import { LAYERS, ResolvedRoute, RouteEntry } from "../../../../../plan/egress/route/route";
import { routeEntries, routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { anyRoute } from "../../../../support/plans";
import { MODE_NAMES, anyResolvedRoute, resolvedRoute } from "../../../../support/arbitraries";

/** Rules come before what sends calls, and what makes a host known comes last. */
const LAYER_OF: Record<string, RouteEntry["layer"]> = {
    AuthorizationPolicy: "rule",
    DestinationRule: "rule",
    EnvoyFilter: "rule",
    Gateway: "rule",
    VirtualService: "way",
    ServiceEntry: "entry",
};

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

describe("routeEntries", () => {
    for (const mode of MODE_NAMES) {
        it(`${mode}: are accepted, named after the hosts, made in layers, and the same every time`, () => {
            fc.assert(
                fc.property(resolvedRoute(mode), (route) => {
                    assert.deepEqual(validateRoute(route), []);
                    const objects = routeObjects(route);
                    const entries = routeEntries(route);
                    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
                    assert.equal(new Set(names).size, names.length, "no two of one kind and name");
                    const hosts = route.hosts.flatMap((host) => [hostObjectName(host), hostLabel(host)]);
                    assert.ok(objects.every(({ metadata }) => hosts.includes(metadata.name.replace(/\.leg$/, ""))));
                    assert.equal(new Set(entries.map(({ key }) => key)).size, objects.length);
                    assert.ok(entries.every(({ kind, layer }) => LAYER_OF[kind] === layer));
                    assert.equal(objects.at(-1)?.kind, "ServiceEntry");
                    const order = objects.map(({ kind }) => LAYERS.indexOf(LAYER_OF[kind]));
                    assert.deepEqual(
                        order,
                        order.toSorted((a, b) => a - b),
                    );
                    assert.deepEqual(routeObjects(structuredClone(route)), objects);
                }),
            );
        });
    }

    it("live in one namespace: the gateway's, or the callers'", () => {
        fc.assert(
            fc.property(anyResolvedRoute, (route) => {
                const home = route.hasGateway ? route.gateway.namespace : route.allowFrom[0].namespace;
                assert.ok(routeObjects(route).every(({ metadata }) => metadata.namespace === home));
            }),
        );
    });

    it("never originate TLS without a check of the server's name", () => {
        fc.assert(
            fc.property(anyResolvedRoute, (route) => {
                for (const tls of routeObjects(route).flatMap(({ spec }) => tlsBlocks(spec))) {
                    if (tls.mode === "SIMPLE" || tls.mode === "MUTUAL") {
                        assert.ok(tls.sni !== undefined && route.hosts.includes(tls.sni));
                        assert.deepEqual(tls.subjectAltNames, [tls.sni]);
                    }
                }
            }),
        );
    });

    it("are planned from the plain options alone: their number, keys, layers and kinds, and what they become", () => {
        fc.assert(
            fc.property(anyRoute, (route) => {
                const { gateway, trustDomain, credential, credentials, address, ...options } = route;
                const planned = routeEntries(options);
                const facts = (entries: RouteEntry[]) => entries.map(({ key, layer, kind }) => [key, layer, kind]);
                assert.deepEqual(facts(planned), facts(routeEntries(route)));
                const deferred = { gateway, trustDomain, credential, credentials, address };
                assert.deepEqual(
                    planned.map(({ build }) => build({ ...options, ...deferred })),
                    routeEntries(route).map(({ build }) => build(route)),
                );
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
