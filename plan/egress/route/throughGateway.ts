import { AllowedCaller } from "../../shared/caller";
import { GATEWAY_PORT, PLAINTEXT_PORT, gatewayServiceHost } from "../../mesh/gateway";
import { IpFamilies } from "../../mesh/ipFamilies";
import { IstioBody } from "../../shared/kubernetesObject";
import { hostObjectName } from "../../shared/names";
import { statPrefix } from "../../observability/routeStatistics";
import { FAILURE_HEADER, FAILURE_REASON } from "./failureHeader";
import { isWildcard } from "../../shared/wildcard";
import { connectionPolicy } from "./connections";
import { authorityMatch } from "./httpAuthority";
import { IDENTITY_HEADER, identityPattern } from "./identity";
import { INSIDE_HEADERS } from "./insideHeaders";
import { traits } from "./modes";
import { originationPolicy, serverName } from "./origination";
import { SAFE_METHODS, retryPolicy, safeRetryPolicy } from "./retries";
import { ResolvedRoute, RouteEntry, RouteOptions, routeMetadata, serverPort, visibleTo } from "./route";
import { EntryPort, serviceEntry } from "./serviceEntry";
import { gatewayTimeout, partnerTimeout } from "./timeout";
import { dnsFilter } from "./wildcard/dnsCache";
import { HTTP_PORT } from "../../shared/ports";

/** Port that applications call: plain HTTP inside the pod, mutual TLS from its sidecar on. */
export const APPLICATION_PORT = HTTP_PORT;

/** Name of the port in the host's ServiceEntry. */
export function applicationPort(route: ResolvedRoute): EntryPort {
    return { number: APPLICATION_PORT, name: "http", protocol: "HTTP", targetPort: serverPort(route) };
}

/** HTTP through the gateway, which originates TLS to the partner or forwards plain HTTP. */
export function throughGateway({ hosts }: RouteOptions): RouteEntry[] {
    return [
        ...hosts.map((host): RouteEntry => ({
            key: host,
            layer: "rule",
            kind: "DestinationRule",
            build: (route) => destinationRule(route, host),
        })),
        ...hosts.filter(isWildcard).map((host): RouteEntry => ({
            key: `${host}-dns`,
            layer: "rule",
            kind: "EnvoyFilter",
            build: (route) =>
                dnsFilter(
                    route.gateway,
                    route.ipFamilies ?? IpFamilies.Ipv4,
                    host,
                    ways(route).map((way) => wayName(host, way)),
                ),
        })),
        { key: "virtual-service", layer: "way", kind: "VirtualService", build: virtualService },
        { key: "service-entry", layer: "entry", kind: "ServiceEntry", build: hostsEntry },
    ];
}

function hostsEntry(route: ResolvedRoute): IstioBody {
    const { namespace } = route.gateway;
    const exportTo = route.visibility === "gateway" ? ["."] : visibleTo(route, namespace);
    return serviceEntry(route, namespace, [applicationPort(route)], exportTo);
}

function virtualService(route: ResolvedRoute): IstioBody {
    const { gateway } = route;
    const port = route.gatewayTransport === "plaintext" ? PLAINTEXT_PORT : GATEWAY_PORT;
    return {
        metadata: routeMetadata(route, gateway.namespace),
        spec: {
            hosts: route.hosts,
            gateways: ["mesh", gateway.name],
            exportTo: visibleTo(route, gateway.namespace),
            http: [
                ...toGateway(route, port),
                ...route.hosts.flatMap((host) =>
                    ways(route).map((way) => ({
                        name: wayName(host, way),
                        match: way.callers.map((caller) => ({
                            gateways: [gateway.name],
                            port,
                            ...authorityMatch(route.hosts, host),
                            ...(caller && {
                                headers: { [IDENTITY_HEADER]: { regex: identityPattern(caller, route.trustDomain) } },
                            }),
                            statPrefix: statPrefix(host, caller),
                        })),
                        headers: {
                            // The mesh's identities must not be visible outside it.
                            request: { remove: [IDENTITY_HEADER, ...INSIDE_HEADERS] },
                            // Set only if a connection failed. A partner's header of this name is removed.
                            response: {
                                remove: [FAILURE_HEADER],
                                set: { [FAILURE_HEADER]: FAILURE_REASON },
                            },
                        },
                        route: [{ destination: { host, ...way.subset, port: { number: APPLICATION_PORT } } }],
                        ...partnerTimeout(route.timeoutSeconds),
                        retries: retryPolicy(route.retries),
                    })),
                ),
                ...(takesEveryCall(route) ? [] : [noWay(gateway.name, port)]),
            ],
        },
    };
}

/**
 * From the sidecar to the gateway. When a gateway's pod dies, only what changes nothing at the partner is sent again: the pod may
 * have passed it on already.
 */
function toGateway({ gateway, timeoutSeconds, retries }: ResolvedRoute, port: number) {
    const way = (method: object, policy: object) => ({
        name: "to-gateway",
        match: [{ gateways: ["mesh"], port: APPLICATION_PORT, ...method }],
        route: [{ destination: { host: gatewayServiceHost(gateway), port: { number: port } } }],
        ...gatewayTimeout(timeoutSeconds),
        retries: policy,
    });
    const safe = way({ method: { regex: SAFE_METHODS.join("|") } }, safeRetryPolicy(retries));
    return [...(retries === 0 ? [] : [safe]), way({}, retryPolicy(retries))];
}

interface Way {
    subset?: { subset: string };
    /** Name of the client certificate that the partner sees, if there is one and it is known. */
    credential?: string;
    /** Callers of this route entry. Undefined for callers without an identity. */
    callers: (AllowedCaller | undefined)[];
}

/**
 * HTTP routes from the gateway to a host: one for all callers, or one for the callers of each certificate. Each matches
 * the caller's identity. An AuthorizationPolicy would be part of the gateway's filter chains instead. When these
 * change, Envoy answers the next request over each open connection by the old ones, and cuts the requests that still
 * run after the drain time. HTTP routes are changed in place.
 */
function ways(route: ResolvedRoute): Way[] {
    if (route.gatewayTransport === "plaintext") {
        return [{ callers: [undefined], credential: shownCredential(route) }];
    }
    return (
        route.credentialCallers?.map((caller, index) => ({
            subset: { subset: subsetName(index) },
            credential: route.credentials?.[index],
            callers: [caller],
        })) ?? [{ callers: route.allowFrom, credential: shownCredential(route) }]
    );
}

function shownCredential({ mode, credential }: ResolvedRoute): string | undefined {
    return traits(mode).originates === "MUTUAL" ? credential : undefined;
}

/** Whether the first HTTP route has no condition, so that a second one would never match. */
function takesEveryCall({ hosts, gatewayTransport }: ResolvedRoute): boolean {
    return gatewayTransport === "plaintext" && hosts.length === 1 && !isWildcard(hosts[0]);
}

/**
 * Name of the gateway's HTTP route to a host, followed by the name of its certificate, so that logs show both. The
 * filters of wildcards refer to a route by this name. The host's part contains no dot; a credential's name may.
 */
function wayName(host: string, { credential, subset }: Way): string {
    const parts = [`to-${hostObjectName(host)}`, subset?.subset, credential];
    return parts.filter((part) => part !== undefined && part !== "").join(".");
}

function subsetName(index: number): string {
    return `credential-${index}`;
}

/** Answers 403 to calls that none of the route's HTTP routes accepts. */
function noWay(gatewayName: string, port: number) {
    return {
        name: "no-way",
        match: [{ gateways: [gatewayName], port }],
        directResponse: {
            status: 403,
            body: { string: "The egress gateway has no route from this service account to this host and port.\n" },
        },
    };
}

function destinationRule(route: ResolvedRoute, host: string): IstioBody {
    return {
        metadata: { name: hostObjectName(host), namespace: route.gateway.namespace },
        spec: {
            host,
            // A sidecar with this rule would originate TLS itself, without the certificate.
            exportTo: ["."],
            trafficPolicy: onApplicationPort(hostPolicy(route, host)),
            ...(route.credentialCallers && {
                subsets: route.credentialCallers.map((_, index) => {
                    const credential = route.credentials?.[index] ?? "";
                    const own = { ...route, credential, hasCredential: true };
                    return {
                        name: subsetName(index),
                        trafficPolicy: onApplicationPort(originationPolicy(own, host, credential)),
                    };
                }),
            }),
        },
    };
}

/** Traffic policy of the gateway for a host, for callers without a certificate of their own. */
function hostPolicy(route: ResolvedRoute, host: string) {
    if (route.credentialCallers) {
        // No HTTP route uses it. If one did, it would show no certificate.
        return { tls: { mode: "SIMPLE", ...serverName(host) } };
    }
    // Without DISABLE, the gateway's own rule would originate TLS.
    return traits(route.mode).originates
        ? originationPolicy(route, host, route.credential)
        : { tls: { mode: "DISABLE" }, ...connectionPolicy(host, { originatesTls: false }) };
}

function onApplicationPort(policy: object) {
    return { portLevelSettings: [{ port: { number: APPLICATION_PORT }, ...policy }] };
}
