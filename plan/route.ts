import { Caller, callerNamespaces, principals, refuseCallers } from "./caller";
import { GATEWAY_PORT, GatewayPlace, gatewaySelector, gatewayServiceHost } from "./gateway";
import { refuseHosts } from "./host";
import { KubernetesObject, istioObject } from "./kubernetesObject";
import { hostObjectName, refuseSecretName } from "./names";
import { Refusal } from "./refusal";

/** The port that applications call: plain HTTP inside the pod, mutual TLS from its sidecar on. */
const APPLICATION_PORT = 80;

/** Tells callers why the gateway got no connection to the partner: the body of Envoy's 503 does not. */
export const FAILURE_HEADER = "x-egress-failure";

/** The part of a route that decides how many objects there are; always plain, so that a preview can count them. */
export interface RouteShape {
    hosts: string[];
    allowFrom: Caller[];
    /** Port of the partner's server. */
    port: number;
    /** Seconds after which the gateway replaces a connection, and so the longest a rotated certificate stays in use. */
    maxConnectionSeconds: number;
    /** Whether sidecars of the callers hold the hosts, or only the gateway. */
    visibility: "callers" | "gateway";
}

export interface RouteRequest extends RouteShape {
    gateway: GatewayPlace;
    trustDomain: string;
    /** Name of the secret with the client certificate, in the gateway's namespace. */
    credential: string;
    /** Where to dial instead of the host's own DNS name. */
    address?: string;
}

export interface RouteObjects {
    serviceEntry: KubernetesObject;
    virtualService: KubernetesObject;
    authorizationPolicy: KubernetesObject;
    /** One a host, in the order of `hosts`. */
    destinationRules: KubernetesObject[];
}

export function refuseRoute(route: RouteShape): Refusal[] {
    return [
        ...refuseHosts("hosts", route.hosts),
        ...refuseCallers("allowFrom", route.allowFrom),
        ...refusePort(route.port),
        ...refuseConnectionLife(route.maxConnectionSeconds),
    ];
}

/** Refuses a credential that the gateway could not find under this name. */
export function refuseCredentialName(name: string): Refusal[] {
    if (name === "") {
        return [
            {
                path: "credential",
                value: name,
                problem: "is empty, and mutual TLS needs a client certificate",
                expected: "the name of an EgressCredential of this gateway",
                fix: "Pass credential: credential.secretName",
            },
        ];
    }
    return refuseSecretName("credential", name);
}

function refusePort(port: number): Refusal[] {
    if (Number.isInteger(port) && port >= 1 && port <= 65535) {
        return [];
    }
    return [
        {
            path: "port",
            value: port,
            problem: "is no TCP port",
            expected: "a whole number from 1 to 65535",
            fix: "Leave it out for 443",
        },
    ];
}

function refuseConnectionLife(seconds: number): Refusal[] {
    if (Number.isInteger(seconds) && seconds >= 1) {
        return [];
    }
    return [
        {
            path: "maxConnectionSeconds",
            value: seconds,
            problem: "does not bound the life of a connection, so a rotated certificate could stay in use for ever",
            expected: "a whole number of seconds from 1",
            fix: "Leave it out for the default",
        },
    ];
}

/** All objects of a route. They live in the gateway's namespace: the only one whose routes the gateway takes. */
export function routeObjects(route: RouteRequest): RouteObjects {
    return {
        serviceEntry: serviceEntry(route),
        virtualService: virtualService(route),
        authorizationPolicy: authorizationPolicy(route),
        destinationRules: route.hosts.map((host) => destinationRule(route, host)),
    };
}

function serviceEntry(route: RouteRequest): KubernetesObject {
    return istioObject("ServiceEntry", routeMetadata(route), {
        hosts: route.hosts,
        location: "MESH_EXTERNAL",
        ports: [{ number: APPLICATION_PORT, name: "http", protocol: "HTTP", targetPort: route.port }],
        resolution: "DNS",
        ...(route.address && { endpoints: [{ address: route.address }] }),
        exportTo: route.visibility === "callers" ? visibleTo(route) : ["."],
    });
}

function virtualService(route: RouteRequest): KubernetesObject {
    const { gateway } = route;
    return istioObject("VirtualService", routeMetadata(route), {
        hosts: route.hosts,
        gateways: ["mesh", gateway.name],
        exportTo: visibleTo(route),
        http: [
            {
                name: "to-gateway",
                match: [{ gateways: ["mesh"], port: APPLICATION_PORT }],
                route: [{ destination: { host: gatewayServiceHost(gateway), port: { number: GATEWAY_PORT } } }],
            },
            ...route.hosts.map((host) => ({
                name: `to-${hostObjectName(host)}`,
                match: [{ gateways: [gateway.name], port: GATEWAY_PORT, ...authorityMatch(route, host) }],
                headers: {
                    // The mesh's own identities are nobody's business outside it.
                    request: { remove: ["x-forwarded-client-cert"] },
                    // Only where a connection failed; what a partner sends under this name is not taken for it.
                    response: {
                        remove: [FAILURE_HEADER],
                        set: { [FAILURE_HEADER]: "%UPSTREAM_TRANSPORT_FAILURE_REASON%" },
                    },
                },
                route: [{ destination: { host, port: { number: APPLICATION_PORT } } }],
            })),
        ],
    });
}

/** Tells the hosts of a group apart. A host by itself needs no match: the VirtualService binds no other. */
function authorityMatch(route: RouteRequest, host: string): { authority?: { regex: string } } {
    if (route.hosts.length === 1) {
        return {};
    }
    return { authority: { regex: `(?i)${host.replaceAll(".", "\\.")}(:[0-9]+)?` } };
}

function destinationRule(route: RouteRequest, host: string): KubernetesObject {
    return istioObject(
        "DestinationRule",
        { name: hostObjectName(host), namespace: route.gateway.namespace },
        {
            host,
            // A sidecar that read this rule would originate TLS itself, without the certificate.
            exportTo: ["."],
            trafficPolicy: {
                portLevelSettings: [
                    {
                        port: { number: APPLICATION_PORT },
                        tls: {
                            mode: "MUTUAL",
                            credentialName: route.credential,
                            // One without the other turns the check of the server's name off.
                            sni: host,
                            subjectAltNames: [host],
                        },
                        connectionPool: { tcp: { maxConnectionDuration: `${route.maxConnectionSeconds}s` } },
                    },
                ],
            },
        },
    );
}

function authorizationPolicy(route: RouteRequest): KubernetesObject {
    return istioObject("AuthorizationPolicy", routeMetadata(route), {
        selector: { matchLabels: gatewaySelector(route.gateway) },
        action: "ALLOW",
        rules: [
            {
                from: [{ source: { principals: principals(route.allowFrom, route.trustDomain) } }],
                to: [{ operation: { hosts: route.hosts.flatMap((host) => [host, `${host}:*`]) } }],
            },
        ],
    });
}

function routeMetadata(route: RouteRequest) {
    return { name: hostObjectName(route.hosts[0]), namespace: route.gateway.namespace };
}

function visibleTo(route: RouteRequest): string[] {
    return [".", ...callerNamespaces(route.allowFrom).filter((namespace) => namespace !== route.gateway.namespace)];
}
