import assert from "node:assert/strict";
import fc from "fast-check";
import { callerNamespaces, principals } from "../../../plan/caller";
import { gatewayServiceHost } from "../../../plan/gateway";
import { hostObjectName } from "../../../plan/names";
import { FAILURE_HEADER, RouteRequest, refuseCredentialName, refuseRoute, routeObjects } from "../../../plan/route";
import { inRandomCase, routeRequest, routeShape } from "../../support/arbitraries";

interface HttpRoute {
    name: string;
    match: { gateways: string[]; port: number; authority?: { regex: string } }[];
    headers?: {
        request: { remove: string[] };
        response: { remove: string[]; set: Record<string, string> };
    };
    route: { destination: { host: string; port: { number: number } } }[];
}

function all(route: RouteRequest) {
    const { serviceEntry, virtualService, authorizationPolicy, destinationRules } = routeObjects(route);
    return [serviceEntry, virtualService, authorizationPolicy, ...destinationRules];
}

function httpRoutes(route: RouteRequest): HttpRoute[] {
    return routeObjects(route).virtualService.spec.http as HttpRoute[];
}

/** The host that the gateway sends a request for `authority` to; Envoy matches the whole authority, in RE2. */
function destination(route: RouteRequest, authority: string): string[] {
    return httpRoutes(route)
        .filter(({ match }) => match[0].gateways[0] === route.gateway.name)
        .filter(({ match }) => {
            const regex = match[0].authority?.regex;
            if (regex === undefined) {
                return true;
            }
            assert.ok(regex.startsWith("(?i)"));
            return new RegExp(`^(?:${regex.slice("(?i)".length)})$`, "i").test(authority);
        })
        .map((http) => http.route[0].destination.host);
}

describe("refuseRoute", () => {
    it("accepts every route of valid hosts and callers", () => {
        fc.assert(fc.property(routeShape, (route) => assert.deepEqual(refuseRoute(route), [])));
    });

    it("refuses every port that is none", () => {
        const bad = fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 65536 }), fc.constantFrom(1.5, NaN, Infinity));
        fc.assert(
            fc.property(routeShape, bad, (route, port) => {
                const [refusal, ...others] = refuseRoute({ ...route, port });
                assert.deepEqual(others, []);
                assert.equal(refusal.path, "port");
                assert.equal(refusal.value, port);
            }),
        );
    });

    it("refuses connections without end, which would keep a rotated certificate", () => {
        fc.assert(
            fc.property(routeShape, fc.constantFrom(0, -1, 0.5, NaN, Infinity), (route, maxConnectionSeconds) => {
                const [refusal] = refuseRoute({ ...route, maxConnectionSeconds });
                assert.equal(refusal.path, "maxConnectionSeconds");
            }),
        );
    });

    it("tells everything that is wrong at once", () => {
        const refusals = refuseRoute({
            hosts: [],
            allowFrom: [],
            port: 0,
            maxConnectionSeconds: 0,
            visibility: "callers",
        });
        assert.deepEqual(
            refusals.map(({ path }) => path),
            ["hosts", "allowFrom", "port", "maxConnectionSeconds"],
        );
    });
});

describe("refuseCredentialName", () => {
    it("refuses none, and names under which the gateway would not find one", () => {
        assert.match(refuseCredentialName("")[0].problem, /empty/);
        assert.match(refuseCredentialName("x-cacert")[0].problem, /-cacert/);
        assert.deepEqual(refuseCredentialName("partner"), []);
    });
});

describe("routeObjects", () => {
    it("are one ServiceEntry, VirtualService and AuthorizationPolicy, and a DestinationRule a host", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const kinds = all(route).map(({ kind }) => kind);
                assert.deepEqual(kinds, [
                    "ServiceEntry",
                    "VirtualService",
                    "AuthorizationPolicy",
                    ...route.hosts.map(() => "DestinationRule"),
                ]);
                assert.deepEqual(
                    routeObjects(route).destinationRules.map(({ spec }) => spec.host),
                    route.hosts,
                );
            }),
        );
    });

    it("all live in the gateway's namespace, under names of the hosts, and are the same every time", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const objects = all(route);
                assert.ok(objects.every(({ metadata }) => metadata.namespace === route.gateway.namespace));
                assert.equal(
                    new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size,
                    objects.length,
                );
                assert.ok(
                    objects.every(({ metadata }) => route.hosts.map(hostObjectName).includes(metadata.name)),
                    "named after hosts",
                );
                assert.deepEqual(all(structuredClone(route)), objects);
            }),
        );
    });

    it("check the server's name wherever they originate TLS, and show the credential only there", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                routeObjects(route).destinationRules.forEach(({ spec }, index) => {
                    assert.deepEqual(spec.exportTo, ["."], "no sidecar may read it");
                    const { portLevelSettings } = spec.trafficPolicy as { portLevelSettings: unknown[] };
                    assert.deepEqual(portLevelSettings, [
                        {
                            port: { number: 80 },
                            tls: {
                                mode: "MUTUAL",
                                credentialName: route.credential,
                                sni: route.hosts[index],
                                subjectAltNames: [route.hosts[index]],
                            },
                            connectionPool: { tcp: { maxConnectionDuration: `${route.maxConnectionSeconds}s` } },
                        },
                    ]);
                });
                const others = all(route).filter(({ kind }) => kind !== "DestinationRule");
                assert.doesNotMatch(JSON.stringify(others), /credentialName|"mode"/);
            }),
        );
    });

    it("lead callers to the gateway, and the gateway to the host, without the mesh's identities", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const [toGateway, ...toHosts] = httpRoutes(route);
                assert.deepEqual(toGateway.match, [{ gateways: ["mesh"], port: 80 }]);
                assert.equal(toGateway.route[0].destination.host, gatewayServiceHost(route.gateway));
                assert.equal(toHosts.length, route.hosts.length);
                for (const http of toHosts) {
                    assert.deepEqual(http.match[0].gateways, [route.gateway.name]);
                    assert.deepEqual(http.headers?.request.remove, ["x-forwarded-client-cert"]);
                    assert.deepEqual(http.headers?.response.remove, [FAILURE_HEADER]);
                    assert.deepEqual(Object.keys(http.headers?.response.set ?? {}), [FAILURE_HEADER]);
                    assert.equal(http.route[0].destination.port.number, 80);
                }
                assert.deepEqual(routeObjects(route).virtualService.spec.gateways, ["mesh", route.gateway.name]);
            }),
        );
    });

    it("never send one host of a group to another, in any case, with or without a port", () => {
        const cases = routeRequest.chain((route) =>
            fc.tuple(
                fc.constant(route),
                fc.tuple(...route.hosts.map(inRandomCase)),
                fc.constantFrom("", ":80", ":443", ":8080"),
            ),
        );
        fc.assert(
            fc.property(cases, ([route, spelled, port]) => {
                route.hosts.forEach((host, index) =>
                    assert.deepEqual(destination(route, `${spelled[index]}${port}`), [host]),
                );
            }),
        );
    });

    it("send nothing to a host of a group that is only nearly its name", () => {
        fc.assert(
            fc.property(
                routeRequest.filter(({ hosts }) => hosts.length > 1),
                (route) => {
                    for (const host of route.hosts) {
                        const near = [`x${host}`, `x.${host}`, `${host}x`, `${host}.x`, `${host}.`, `${host}:`];
                        near.push(`${host}:80x`, host.replace(".", "x"), host.slice(1), `${host}\n`);
                        for (const name of near.filter((name) => !route.hosts.includes(name))) {
                            assert.deepEqual(destination(route, name), [], name);
                        }
                    }
                },
            ),
        );
    });

    it("let exactly the callers through, to exactly the hosts", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const { spec } = routeObjects(route).authorizationPolicy;
                assert.equal(spec.action, "ALLOW");
                assert.deepEqual(spec.selector, { matchLabels: { istio: route.gateway.name } });
                assert.deepEqual(spec.rules, [
                    {
                        from: [{ source: { principals: principals(route.allowFrom, route.trustDomain) } }],
                        to: [{ operation: { hosts: route.hosts.flatMap((host) => [host, `${host}:*`]) } }],
                    },
                ]);
            }),
        );
    });

    it("are seen by the gateway and the callers' namespaces, and nobody else", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const seeing = new Set([".", ...callerNamespaces(route.allowFrom)]);
                seeing.delete(route.gateway.namespace);
                const { serviceEntry, virtualService } = routeObjects(route);
                assert.deepEqual(new Set(virtualService.spec.exportTo as string[]), seeing);
                assert.deepEqual(
                    new Set(serviceEntry.spec.exportTo as string[]),
                    route.visibility === "callers" ? seeing : new Set(["."]),
                );
                assert.equal(
                    (virtualService.spec.exportTo as string[]).length,
                    new Set(virtualService.spec.exportTo as string[]).size,
                    "Istio refuses a namespace that is listed twice",
                );
            }),
        );
    });

    it("dial the address where there is one, and the partner's port", () => {
        fc.assert(
            fc.property(routeRequest, (route) => {
                const { spec } = routeObjects(route).serviceEntry;
                assert.deepEqual(spec.endpoints, route.address && [{ address: route.address }]);
                assert.equal((spec.ports as { targetPort: number }[])[0].targetPort, route.port);
                assert.equal(spec.resolution, "DNS");
            }),
        );
    });
});
