import { IstioBody } from "../../shared/kubernetesObject";
import { hostObjectName } from "../../shared/names";
import { authorityMatch } from "./httpAuthority";
import { traits } from "./modes";
import { originationPolicy } from "./origination";
import { ResolvedRoute, RouteEntry, RouteOptions, routeMetadata } from "./route";
import { serviceEntry } from "./serviceEntry";
import { APPLICATION_PORT, applicationPort } from "./throughGateway";

/** TLS that the callers' own sidecars originate. All objects are in the callers' namespace. */
export function fromSidecar({ hosts, workloadLabels }: RouteOptions): RouteEntry[] {
    return [
        ...hosts.map((host): RouteEntry => ({
            key: host,
            layer: "rule",
            kind: "DestinationRule",
            build: (route) => destinationRule(route, host),
        })),
        ...(workloadLabels
            ? [
                  {
                      key: "virtual-service",
                      layer: "way",
                      kind: "VirtualService",
                      build: (route) => virtualService(route, workloadLabels),
                  } satisfies RouteEntry,
              ]
            : []),
        {
            key: "service-entry",
            layer: "entry",
            kind: "ServiceEntry",
            build: (route) => serviceEntry(route, home(route), [applicationPort(route)], ["."]),
        },
    ];
}

/**
 * For a workload that the selector does not match, the rule does not exist, and its sidecar would send plaintext. Such
 * a workload gets an error response instead, which says why.
 */
function virtualService(route: ResolvedRoute, labels: Record<string, string>): IstioBody {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return {
        metadata: routeMetadata(route, home(route)),
        spec: {
            hosts: route.hosts,
            gateways: ["mesh"],
            exportTo: ["."],
            http: [
                ...route.hosts.map((host) => ({
                    match: [
                        {
                            port: APPLICATION_PORT,
                            sourceLabels: labels,
                            ...authorityMatch(route.hosts, host),
                        },
                    ],
                    route: [{ destination: { host, port: { number: APPLICATION_PORT } } }],
                })),
                {
                    directResponse: {
                        status: 403,
                        body: { string: `Only workloads with the labels ${wanted.join(", ")} may call this host.\n` },
                    },
                },
            ],
        },
    };
}

function destinationRule(route: ResolvedRoute, host: string): IstioBody {
    const namespace = home(route);
    // A sidecar may read a secret only for a rule that selects it. A ConfigMap has no such limit.
    const credentialName =
        traits(route.mode).originates === "MUTUAL" ? route.credential : `configmap://${namespace}/${route.credential}`;
    return {
        metadata: { name: hostObjectName(host), namespace },
        spec: {
            host,
            exportTo: ["."],
            ...(route.workloadLabels && { workloadSelector: { matchLabels: route.workloadLabels } }),
            trafficPolicy: {
                portLevelSettings: [
                    {
                        port: { number: APPLICATION_PORT },
                        ...originationPolicy(route, host, credentialName),
                    },
                ],
            },
        },
    };
}

/** Namespace of all callers. */
function home({ allowFrom }: ResolvedRoute): string {
    return allowFrom[0].namespace;
}
