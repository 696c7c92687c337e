import { ROUTE_TAGS } from "./routeStatistics";

/**
 * Statistics that a gateway's proxy has for each host, by Envoy's names below `cluster.<cluster>`. Istio omits them by
 * default, because a mesh has many clusters. A gateway has only those of its routes. No part of the names is chosen by
 * a caller or a partner.
 */
const OF_HOST = [
    // Results of calls by class, and the partner's response time.
    "upstream_rq_[1-5]xx",
    "upstream_rq_(time|total|timeout|active|pending_overflow|retry)",
    // Connections, and reasons why they fail.
    "upstream_cx_(total|active|connect_fail|connect_timeout|rx_bytes_total|tx_bytes_total)",
    // TLS: servers that are refused because of their certificates, and the expiry of credentials.
    "ssl\\.(handshake|connection_error|fail_verify_(no_cert|error|san|cert_hash))",
    "ssl\\.certificate\\.kubernetes://.*\\.expiration_unix_time_seconds",
];

/** HTTP calls that no route allows. They are the only calls that a gateway answers itself. */
const REFUSED = "http\\.outbound_.*\\.rq_direct_response";

/** Part of a gateway's ProxyConfig: its statistics, and the parts of route statistics that become labels. */
export const GATEWAY_STATISTICS = {
    proxyStatsMatcher: {
        inclusionRegexps: [REFUSED, `cluster\\.outbound\\|[0-9]+\\|.*\\.(${OF_HOST.join("|")})`],
    },
    extraStatTags: [...ROUTE_TAGS],
};
