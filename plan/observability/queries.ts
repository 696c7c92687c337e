/** PromQL for a gateway's metrics, which alerts and dashboard share. `where` is a list of matchers, `window` a duration. */
export const queries = {
    /** Calls per second, by host. A call that never reached the partner counts as failed. */
    calls: (where: string, window: string) => `sum by (egress_host) (rate(${requests(where)}[${window}]))`,
    failures: (where: string, window: string) =>
        `sum by (egress_host) (rate(${requests(`${where},response_code_class="5xx"`)}[${window}]))`,
    callsByCaller: (where: string, window: string) =>
        `sum by (egress_caller, egress_host) (rate(envoy_egress_route_upstream_rq{${where}}[${window}]))`,
    failuresByCaller: (where: string, window: string) =>
        `sum by (egress_caller, egress_host) (rate(envoy_egress_route_upstream_rq{${where},response_code_class="5xx"}[${window}]))`,
    latency: (quantile: number, where: string, window: string) =>
        `histogram_quantile(${quantile}, sum by (le, egress_host) (rate(envoy_cluster_upstream_rq_time_bucket{${where}}[${window}])))`,
    /** Failures per second for one reason, by host. */
    reason: (metric: string, where: string, window: string) =>
        `sum by (egress_host) (rate(envoy_cluster_${metric}{${where}}[${window}]))`,
};

function requests(where: string): string {
    return `envoy_cluster_upstream_rq{${where}}`;
}

/** Reasons of failures that a proxy counts by host: each with its name and Envoy's statistic. */
export const REASONS: Record<string, string> = {
    "no connection": "upstream_cx_connect_fail",
    "connection timed out": "upstream_cx_connect_timeout",
    "no answer in time": "upstream_rq_timeout",
    "too many calls at once": "upstream_rq_pending_overflow",
    "TLS failed": "ssl_connection_error",
    "server's certificate not trusted": "ssl_fail_verify_error",
    "server's certificate has wrong names": "ssl_fail_verify_san",
};
