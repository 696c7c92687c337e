import assert from "node:assert/strict";
import fc from "fast-check";
import { principals } from "../../../../../plan/shared/caller";
import { gatewayServiceHost, toGatewayPods } from "../../../../../plan/mesh/gateway";
import { ResolvedRoute } from "../../../../../plan/egress/route/route";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { resolvedRoute } from "../../../../support/arbitraries";

function specs(route: ResolvedRoute, kind: string) {
    return routeObjects(route)
        .filter((object) => object.kind === kind)
        .map(({ spec }) => spec);
}

describe("a passthrough route", () => {
    const routes = resolvedRoute("passthrough");

    it("keeps the mesh's mutual TLS to the gateway, with the host's name outside, and leaves what is inside untouched", () => {
        fc.assert(
            fc.property(routes, (route) => {
                const [leg, ...untouched] = specs(route, "DestinationRule");
                assert.equal(leg.host, gatewayServiceHost(route.gateway));
                const subsets = leg.subsets as { name: string; trafficPolicy: { portLevelSettings: object[] } }[];
                assert.deepEqual(
                    subsets.map(({ trafficPolicy }) => trafficPolicy.portLevelSettings),
                    route.hosts.map((sni) => [toGatewayPods(15444, { mode: "ISTIO_MUTUAL", sni })]),
                );
                assert.deepEqual(
                    untouched,
                    route.hosts.map((host) => ({ host, exportTo: ["."], trafficPolicy: { tls: { mode: "DISABLE" } } })),
                );
                const [{ servers }] = specs(route, "Gateway") as { servers: object[] }[];
                assert.deepEqual(
                    servers.map((server) => ({ ...server, port: undefined })),
                    route.hosts.map((host) => ({
                        port: undefined,
                        tls: { mode: "ISTIO_MUTUAL" },
                        hosts: [`${route.gateway.namespace}/${host}`],
                    })),
                );
            }),
        );
    });

    it("sends each host by the subset with its name to the gateway, and from there to itself", () => {
        fc.assert(
            fc.property(routes, (route) => {
                const [leg] = specs(route, "DestinationRule") as { subsets: { name: string }[] }[];
                specs(route, "VirtualService").forEach((spec, index) => {
                    const host = route.hosts[index];
                    const [{ match, route: to }] = spec.tls as { match: object[]; route: object[] }[];
                    assert.deepEqual(match, [{ gateways: ["mesh"], port: 443, sniHosts: [host] }]);
                    const subset = leg.subsets[index].name;
                    const gateway = { host: gatewayServiceHost(route.gateway), subset, port: { number: 15444 } };
                    assert.deepEqual(to, [{ destination: gateway }]);
                    const [onward] = spec.tcp as { route: object[] }[];
                    assert.deepEqual(onward.route, [{ destination: { host, port: { number: 443 } } }]);
                });
            }),
        );
    });

    it("lets exactly the callers through, to exactly the hosts", () => {
        fc.assert(
            fc.property(routes, (route) => {
                const [{ rules, action }] = specs(route, "AuthorizationPolicy");
                assert.equal(action, "ALLOW");
                assert.deepEqual(rules, [
                    {
                        from: [{ source: { principals: principals(route.allowFrom, route.trustDomain) } }],
                        to: [{ operation: { ports: ["15444"] } }],
                        when: [{ key: "connection.sni", values: route.hosts }],
                    },
                ]);
            }),
        );
    });
});
