import assert from "node:assert/strict";
import fc from "fast-check";
import { callerNamespaces } from "../../../../../plan/shared/caller";
import { gatewayServiceHost } from "../../../../../plan/mesh/gateway";
import { hostObjectName } from "../../../../../plan/shared/names";
import { ResolvedRoute } from "../../../../../plan/egress/route/route";
import { identityPattern } from "../../../../../plan/egress/route/identity";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { FAILURE_HEADER } from "../../../../../plan/egress/route/failureHeader";
import { INSIDE_HEADERS } from "../../../../../plan/egress/route/insideHeaders";
import { inRandomCase, resolvedRoute as ofMode } from "../../../../support/arbitraries";

interface HttpRoute {
    name: string;
    match: {
        gateways: string[];
        port: number;
        method?: { regex: string };
        authority?: { regex: string };
        headers?: Record<string, { regex: string }>;
    }[];
    headers?: {
        request: { remove: string[] };
        response: { remove: string[]; set: Record<string, string> };
    };
    route?: { destination: { host: string; port: { number: number } } }[];
    directResponse?: { status: number };
    timeout?: string;
    retries?: { attempts: number; retryOn?: string };
}

type PortPolicy = Record<string, object> & { tls: object };

const resolvedRoute = fc.constantFrom("mutualTls" as const, "simpleTls" as const, "http" as const).chain(ofMode);

function all(route: ResolvedRoute) {
    return routeObjects(route);
}

function ofKind(route: ResolvedRoute, kind: string) {
    return all(route).filter((object) => object.kind === kind);
}

function httpRoutes(route: ResolvedRoute): HttpRoute[] {
    return ofKind(route, "VirtualService")[0].spec.http as HttpRoute[];
}

function tlsOf(route: ResolvedRoute) {
    return ofKind(route, "DestinationRule").map(({ spec }) => {
        const { portLevelSettings } = spec.trafficPolicy as { portLevelSettings: PortPolicy[] };
        assert.equal(portLevelSettings.length, 1);
        return portLevelSettings[0];
    });
}

/** The host that the gateway sends a request for `authority` to; Envoy matches the whole authority, in RE2. */
function destination(route: ResolvedRoute, authority: string): string[] {
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
        .flatMap((http) => http.route?.map(({ destination: { host } }) => host) ?? []);
}

describe("a route through the gateway", () => {
    it("is one ServiceEntry and VirtualService, and a DestinationRule a host", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
                const kinds = all(route).map(({ kind }) => kind);
                assert.deepEqual(kinds, [
                    ...route.hosts.map(() => "DestinationRule"),
                    "VirtualService",
                    "ServiceEntry",
                ]);
                assert.deepEqual(
                    ofKind(route, "DestinationRule").map(({ spec }) => spec.host),
                    route.hosts,
                );
            }),
        );
    });

    it("all live in the gateway's namespace, under names of the hosts, and are the same every time", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
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

    it("checks the server's name wherever it originates TLS, and shows the credential only there", () => {
        fc.assert(
            fc.property(ofMode("mutualTls"), (route) => {
                tlsOf(route).forEach(({ tls, ...others }, index) => {
                    const folder = `/etc/mesh-egress/credentials/${route.credential}`;
                    assert.deepEqual(tls, {
                        mode: "MUTUAL",
                        ...(route.credentialSource === "files"
                            ? {
                                  clientCertificate: `${folder}/tls.crt`,
                                  privateKey: `${folder}/tls.key`,
                                  caCertificates: `${folder}/ca.crt`,
                              }
                            : { credentialName: route.credential }),
                        sni: route.hosts[index],
                        subjectAltNames: [route.hosts[index]],
                    });
                    const { tcp } = others.connectionPool as { tcp: Record<string, string> };
                    assert.deepEqual(others.port, { number: 80 });
                    assert.equal(tcp.maxConnectionDuration, `${route.maxConnectionSeconds ?? 600}s`);
                });
                const rest = all(route).filter(({ kind }) => kind !== "DestinationRule");
                assert.doesNotMatch(JSON.stringify(rest), /credentialName|caCertificates|"mode"/);
            }),
        );
    });

    it("shows no certificate in simple TLS, and verifies the server by the CA that it has, or the image's", () => {
        fc.assert(
            fc.property(ofMode("simpleTls"), (route) => {
                tlsOf(route).forEach(({ tls }, index) => {
                    const files = `/etc/mesh-egress/credentials/${route.credential}/ca.crt`;
                    assert.deepEqual(tls, {
                        mode: "SIMPLE",
                        ...(route.hasCredential &&
                            (route.credentialSource === "files"
                                ? { caCertificates: files }
                                : { credentialName: route.credential })),
                        sni: route.hosts[index],
                        subjectAltNames: [route.hosts[index]],
                    });
                });
            }),
        );
    });

    it("says in mode http that there is no TLS, against the gateway's own rule", () => {
        fc.assert(
            fc.property(ofMode("http"), (route) =>
                tlsOf(route).forEach(({ tls }) => assert.deepEqual(tls, { mode: "DISABLE" })),
            ),
        );
    });

    it("keeps its rules from every sidecar, which would originate TLS itself", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) =>
                ofKind(route, "DestinationRule").forEach(({ spec }) => assert.deepEqual(spec.exportTo, ["."])),
            ),
        );
    });

    it("lead callers to the gateway, and the gateway to the host, without the mesh's identities", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
                const ways = httpRoutes(route);
                const toGateway = ways.filter(({ match }) => match[0].gateways[0] === "mesh");
                const toHosts = ways.filter((http) => !toGateway.includes(http));
                // Without a condition on the way itself, nothing is left for another answer.
                if (route.gatewayTransport !== "plaintext" || route.hosts.length > 1) {
                    assert.equal(toHosts.pop()?.directResponse?.status, 403);
                }
                assert.deepEqual(toGateway.at(-1)?.match, [{ gateways: ["mesh"], port: 80 }]);
                const port = route.gatewayTransport === "plaintext" ? 80 : 443;
                for (const http of toGateway) {
                    assert.deepEqual(http.route?.[0].destination, {
                        host: gatewayServiceHost(route.gateway),
                        port: { number: port },
                    });
                }
                assert.equal(toHosts.length, route.hosts.length);
                for (const http of toHosts) {
                    assert.deepEqual(http.match[0].gateways, [route.gateway.name]);
                    assert.equal(http.match[0].port, port);
                    // Nor do partners learn which pod calls.
                    assert.deepEqual(http.headers?.request.remove, ["x-forwarded-client-cert", ...INSIDE_HEADERS]);
                    assert.deepEqual(http.headers?.response.remove, [FAILURE_HEADER]);
                    assert.deepEqual(Object.keys(http.headers?.response.set ?? {}), [FAILURE_HEADER]);
                    assert.equal(http.route?.[0].destination.port.number, 80);
                    assert.deepEqual(
                        http.match.map(({ headers }) => headers?.["x-forwarded-client-cert"].regex),
                        route.gatewayTransport === "plaintext"
                            ? [undefined]
                            : route.allowFrom.map((caller) => identityPattern(caller, route.trustDomain)),
                    );
                }
                assert.deepEqual(ofKind(route, "VirtualService")[0].spec.gateways, ["mesh", route.gateway.name]);
            }),
        );
    });

    it("never send one host of a group to another, in any case, with or without a port", () => {
        const cases = resolvedRoute.chain((route) =>
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
                resolvedRoute.filter(({ hosts }) => hosts.length > 1),
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

    it("try again what cannot have reached the partner, and what was sent only where it changes nothing", () => {
        /** Failures after which Envoy knows that the request was not sent. */
        const unsent = ["connect-failure", "refused-stream", "reset-before-request"];
        fc.assert(
            fc.property(
                resolvedRoute,
                fc.constantFrom("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"),
                (route, method) => {
                    const isOf = (http: HttpRoute) =>
                        new RegExp(`^(?:${http.match[0].method?.regex ?? ".*"})$`).test(method);
                    const ways = httpRoutes(route).filter((http) => http.route);
                    const toGateway = ways.filter((http) => isOf(http) && http.match[0].gateways[0] === "mesh")[0];
                    const toHosts = ways.filter((http) => isOf(http) && http.match[0].gateways[0] !== "mesh");
                    assert.equal(toHosts.length, route.hosts.length);
                    const { retries = 2 } = route;
                    const isSafe = ["GET", "HEAD", "OPTIONS"].includes(method);
                    for (const [http, failures] of [
                        [toGateway, isSafe ? [...unsent, "reset"] : unsent],
                        ...toHosts.map((one) => [one, unsent] as const),
                    ] as const) {
                        assert.equal(http.retries?.attempts, retries);
                        assert.deepEqual(http.retries.retryOn?.split(","), retries === 0 ? undefined : failures);
                    }
                },
            ),
        );
    });

    it("have no timeout at all where a call has no limit, because Istio refuses 0s", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
                const unlimited = httpRoutes({ ...route, timeoutSeconds: 0 });
                assert.ok(unlimited.every((http) => !("timeout" in http)));
            }),
        );
    });

    it("give a call up after its time, the gateway before the sidecar, so that callers learn which of the two it was", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
                const { timeoutSeconds = 300 } = route;
                for (const { match, timeout } of httpRoutes(route).filter((http) => http.route)) {
                    const seconds = Number(timeout?.replace(/s$/, ""));
                    if (timeoutSeconds === 0) {
                        assert.equal(timeout, undefined, "Istio refuses 0s");
                    } else if (match[0].gateways[0] === "mesh") {
                        assert.ok(seconds > timeoutSeconds, timeout);
                    } else {
                        assert.equal(seconds, timeoutSeconds);
                    }
                }
            }),
        );
    });

    it("close idle connections before others do, and leave a dead address alone but never the last one", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) =>
                tlsOf(route).forEach(({ connectionPool, outlierDetection }) => {
                    const { tcp, http } = connectionPool as { tcp: Record<string, string>; http: object };
                    assert.equal(tcp.connectTimeout, "5s");
                    assert.deepEqual(http, { idleTimeout: "55s" });
                    const { consecutive5xxErrors, consecutiveGatewayErrors, maxEjectionPercent, minHealthPercent } =
                        outlierDetection as Record<string, number>;
                    // What a partner answers is no reason, and with less than 100 % one address is left.
                    assert.deepEqual([consecutive5xxErrors, consecutiveGatewayErrors], [0, 0]);
                    assert.equal(maxEjectionPercent, 99);
                    assert.equal(minHealthPercent, 1, "where none is left, all are tried");
                }),
            ),
        );
    });

    it("are seen by the gateway and the callers' namespaces, and nobody else", () => {
        fc.assert(
            fc.property(resolvedRoute, (route) => {
                const seeing = new Set([".", ...callerNamespaces(route.allowFrom)]);
                seeing.delete(route.gateway.namespace);
                const [virtualService] = ofKind(route, "VirtualService");
                const [serviceEntry] = ofKind(route, "ServiceEntry");
                assert.deepEqual(new Set(virtualService.spec.exportTo as string[]), seeing);
                assert.deepEqual(
                    new Set(serviceEntry.spec.exportTo as string[]),
                    route.visibility === "gateway" ? new Set(["."]) : seeing,
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
            fc.property(resolvedRoute, (route) => {
                const { spec } = ofKind(route, "ServiceEntry")[0];
                assert.deepEqual(spec.endpoints, route.address && [{ address: route.address }]);
                assert.equal(
                    (spec.ports as { targetPort: number }[])[0].targetPort,
                    route.port ?? (route.mode === "http" ? 80 : 443),
                );
                assert.equal(spec.resolution, "DNS");
            }),
        );
    });
});
