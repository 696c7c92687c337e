import { ROUTE_TAGS } from "./routeStatistics";

/**
 * What a gateway's proxy counts for each host, by Envoy's names below `cluster.<cluster>`. Istio leaves all of it out by default, because a mesh
 * has many clusters; a gateway has those of its routes. None of the names has a part that a caller or a partner chooses.
 */
const OF_HOST = [
    // How calls end, by class, and how long the partner takes.
    "upstream_rq_[1-5]xx",
    "upstream_rq_(time|total|timeout|active|pending_overflow|retry)",
    // Connections, and why there is none.
    "upstream_cx_(total|active|connect_fail|connect_timeout|rx_bytes_total|tx_bytes_total)",
    // TLS: whether servers are refused for their certificates, and when a credential expires.
    "ssl\\.(handshake|connection_error|fail_verify_(no_cert|error|san|cert_hash))",
    "ssl\\.certificate\\.kubernetes://.*\\.expiration_unix_time_seconds",
];

/** Calls over HTTP that no route allows: a gateway answers nothing else by itself. */
const REFUSED = "http\\.outbound_.*\\.rq_direct_response";

/** The part of a gateway's ProxyConfig that decides what it counts, and which parts of a route's statistics become labels. */
export const GATEWAY_STATISTICS = {
    proxyStatsMatcher: {
        inclusionRegexps: [REFUSED, `cluster\\.outbound\\|[0-9]+\\|.*\\.(${OF_HOST.join("|")})`],
    },
    extraStatTags: [...ROUTE_TAGS],
};
