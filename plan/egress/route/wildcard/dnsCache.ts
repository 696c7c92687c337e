import { GatewayLocation, gatewaySelector } from "../../../mesh/gateway";
import { IpFamilies } from "../../../mesh/ipFamilies";
import { IstioBody } from "../../../shared/kubernetesObject";
import { hostObjectName } from "../../../shared/names";

/**
 * Name that istiod gives the DNS cache of a wildcard's cluster, as `BuildDNSCacheName` in `pilot/pkg/model/service.go`
 * of istio/istio does.
 */
export function dnsCacheName(host: string): string {
    return `${host}_dfp_dns_cache`;
}

/**
 * The family that istiod gives that cache for a gateway with such addresses, as `SelectDNSLookupFamily` in
 * `pilot/pkg/networking/util/util.go` of istio/istio does.
 */
export const DNS_LOOKUP_FAMILY: Record<IpFamilies, string> = { ipv4: "V4_ONLY", ipv6: "V6_ONLY", dualStack: "ALL" };

const FILTER = "envoy.filters.http.dynamic_forward_proxy";
const TYPES = "type.googleapis.com/envoy";

/** Name of the filter in the gateway. Each DNS cache has its own filter. */
export function dnsFilterName(host: string): string {
    return `${FILTER}.${hostObjectName(host)}`;
}

/**
 * Filter that resolves a wildcard's hosts in the gateway. istiod creates it for sidecars and waypoints only. It is
 * disabled except on the route's own HTTP routes: otherwise it would also resolve the hosts of every other wildcard in
 * its cache.
 */
export function dnsFilter(
    gateway: GatewayLocation,
    ipFamilies: IpFamilies,
    host: string,
    routeNames: string[],
): IstioBody {
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
                                    dns_lookup_family: DNS_LOOKUP_FAMILY[ipFamilies],
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
