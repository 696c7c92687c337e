import { GatewayLocation, gatewaySelector } from "../../../mesh/gateway";
import { IstioBody } from "../../../shared/kubernetesObject";
import { hostObjectName } from "../../../shared/names";

/**
 * The name that istiod gives the DNS cache of a wildcard's cluster, as `BuildDNSCacheName` in
 * `pilot/pkg/model/service.go` of istio/istio does.
 */
export function dnsCacheName(host: string): string {
    return `${host}_dfp_dns_cache`;
}

/**
 * What istiod says of an IPv4 gateway, as `SelectDNSLookupFamily` in `pilot/pkg/networking/util/util.go` of istio/istio does;
 * also of one with addresses of both families, unless istiod runs with ISTIO_DUAL_STACK.
 */
export const DNS_LOOKUP_FAMILY = "V4_ONLY";

const FILTER = "envoy.filters.http.dynamic_forward_proxy";
const TYPES = "type.googleapis.com/envoy";

/** Name of the filter in the gateway: each DNS cache has one of its own. */
export function dnsFilterName(host: string): string {
    return `${FILTER}.${hostObjectName(host)}`;
}

/**
 * The filter that resolves a wildcard's hosts in the gateway, which istiod makes for sidecars and waypoints only. It is
 * switched off but on the route's own way to the host: an active one would resolve the hosts of every other wildcard
 * in its cache too.
 */
export function dnsFilter(gateway: GatewayLocation, host: string, routeNames: string[]): IstioBody {
    const name = dnsFilterName(host);
    return {
        metadata: { name: hostObjectName(host), namespace: gateway.namespace },
        spec: {
            workloadSelector: { labels: gatewaySelector(gateway) },
            configPatches: [
                {
                    applyTo: "HTTP_FILTER",
                    match: {
                        context: "GATEWAY",
                        listener: {
                            filterChain: {
                                filter: {
                                    name: "envoy.filters.network.http_connection_manager",
                                    subFilter: { name: "envoy.filters.http.router" },
                                },
                            },
                        },
                    },
                    patch: {
                        operation: "INSERT_BEFORE",
                        value: {
                            name,
                            disabled: true,
                            typed_config: {
                                "@type": `${TYPES}.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig`,
                                dns_cache_config: {
                                    name: dnsCacheName(host),
                                    dns_lookup_family: DNS_LOOKUP_FAMILY,
                                },
                            },
                        },
                    },
                },
                ...routeNames.map((routeName) => ({
                    applyTo: "HTTP_ROUTE",
                    match: { context: "GATEWAY", routeConfiguration: { vhost: { route: { name: routeName } } } },
                    patch: {
                        operation: "MERGE",
                        value: {
                            typed_per_filter_config: {
                                [name]: {
                                    "@type": `${TYPES}.extensions.filters.http.dynamic_forward_proxy.v3.PerRouteConfig`,
                                },
                            },
                        },
                    },
                })),
            ],
        },
    };
}
