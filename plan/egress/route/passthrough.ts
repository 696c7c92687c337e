import { principals } from "../../shared/caller";
import { PASSTHROUGH_PORT, gatewaySelector, gatewayServiceHost, podPort, toGatewayPods } from "../../mesh/gateway";
import { IstioBody } from "../../shared/kubernetesObject";
import { hostLabel, hostObjectName } from "../../shared/names";
import { ResolvedRoute, RouteEntry, RouteOptions, routeMetadata, serverPort, visibleTo } from "./route";
import { serviceEntry } from "./serviceEntry";
import { HTTPS_PORT } from "../../shared/ports";

/** Port that applications call with their own TLS. */
const APPLICATION_TLS_PORT = HTTPS_PORT;

/**
 * The application's own TLS inside the mesh's mutual TLS. The sidecar adds the outer TLS. The gateway terminates it, so
 * it knows the caller, and forwards the inner TLS unchanged. The SNI of the outer TLS selects the host.
 */
export function passthrough({ hosts }: RouteOptions): RouteEntry[] {
    return [
        { key: "authorization", layer: "rule", kind: "AuthorizationPolicy", build: authorizationPolicy },
        { key: "gateway", layer: "rule", kind: "Gateway", build: gateway },
        { key: "leg", layer: "rule", kind: "DestinationRule", build: gatewayTransport },
        ...hosts.flatMap((host): RouteEntry[] => [
            { key: host, layer: "rule", kind: "DestinationRule", build: (route) => untouched(route, host) },
            {
                key: `${host}-virtual-service`,
                layer: "way",
                kind: "VirtualService",
                build: (route) => virtualService(route, host),
            },
        ]),
        { key: "service-entry", layer: "entry", kind: "ServiceEntry", build: hostsEntry },
    ];
}

function hostsEntry(route: ResolvedRoute): IstioBody {
    const { namespace } = route.gateway;
    const port = { number: APPLICATION_TLS_PORT, name: "tls", protocol: "TLS", targetPort: serverPort(route) };
    return serviceEntry(route, namespace, [port], visibleTo(route, namespace));
}

/** One server per host: unlike HTTP, the forwarded stream has nothing that could select the host. */
function gateway(route: ResolvedRoute): IstioBody {
    const { namespace } = route.gateway;
    return {
        metadata: {
            name: gatewayObjectName(route),
            namespace,
        },
        spec: {
            selector: gatewaySelector(route.gateway),
            servers: route.hosts.map((host) => ({
                port: { number: PASSTHROUGH_PORT, name: `tls-${hostLabel(host)}`, protocol: "TLS" },
                tls: { mode: "ISTIO_MUTUAL" },
                hosts: [`${namespace}/${host}`],
            })),
        },
    };
}

function gatewayObjectName({ hosts }: ResolvedRoute): string {
    return hostLabel(hosts[0]);
}

function gatewayTransport(route: ResolvedRoute): IstioBody {
    const { name, namespace } = routeMetadata(route, route.gateway.namespace);
    return {
        // Names that are derived from a host contain no dot.
        metadata: { name: `${name}.leg`, namespace },
        spec: {
            host: gatewayServiceHost(route.gateway),
            subsets: route.hosts.map((host) => ({
                name: hostLabel(host),
                trafficPolicy: {
                    portLevelSettings: [toGatewayPods(PASSTHROUGH_PORT, { mode: "ISTIO_MUTUAL", sni: host })],
                },
            })),
        },
    };
}

function virtualService(route: ResolvedRoute, host: string): IstioBody {
    const { name, namespace } = route.gateway;
    const entrance = gatewayObjectName(route);
    return {
        metadata: { name: hostObjectName(host), namespace },
        spec: {
            hosts: [host],
            gateways: ["mesh", entrance],
            exportTo: visibleTo(route, namespace),
            tls: [
                {
                    match: [{ gateways: ["mesh"], port: APPLICATION_TLS_PORT, sniHosts: [host] }],
                    route: [
                        {
                            destination: {
                                host: gatewayServiceHost({ name, namespace }),
                                subset: hostLabel(host),
                                port: { number: PASSTHROUGH_PORT },
                            },
                        },
                    ],
                },
            ],
            tcp: [
                {
                    match: [{ gateways: [entrance], port: PASSTHROUGH_PORT }],
                    route: [{ destination: { host, port: { number: APPLICATION_TLS_PORT } } }],
                },
            ],
        },
    };
}

/** Without it, the gateway's own rule would add a second layer of TLS to the application's. */
function untouched(route: ResolvedRoute, host: string): IstioBody {
    return {
        metadata: { name: hostObjectName(host), namespace: route.gateway.namespace },
        spec: { host, exportTo: ["."], trafficPolicy: { tls: { mode: "DISABLE" } } },
    };
}

function authorizationPolicy(route: ResolvedRoute): IstioBody {
    return {
        metadata: routeMetadata(route, route.gateway.namespace),
        spec: {
            selector: { matchLabels: gatewaySelector(route.gateway) },
            action: "ALLOW",
            rules: [
                {
                    from: [{ source: { principals: principals(route.allowFrom, route.trustDomain) } }],
                    to: [{ operation: { ports: [String(podPort(PASSTHROUGH_PORT))] } }],
                    when: [{ key: "connection.sni", values: route.hosts }],
                },
            ],
        },
    };
}
