/** A Prometheus relabeling step, in the spelling of a PodMonitor. */
export interface Relabeling {
    sourceLabels?: string[];
    regex?: string;
    targetLabel?: string;
    replacement?: string;
    action?: "keep" | "drop" | "replace";
}

/** Host and caller of route statistics are labels, but the rest of their metric names differs by host. */
const ROUTE_METRIC = "envoy_vhost_.+_route_+(upstream_rq)";

/** All metrics of a gateway that alerts and panels use. */
const KEPT = [
    "envoy_cluster_upstream_rq(_time_(bucket|sum|count)|_timeout|_pending_overflow)?",
    "envoy_cluster_upstream_cx_(total|active|connect_fail|connect_timeout|rx_bytes_total|tx_bytes_total)",
    "envoy_cluster_ssl_.+",
    ROUTE_METRIC,
    "envoy_http_(rbac|rq_direct_response)",
    "envoy_server_(live|state|memory_allocated)",
    "envoy_(cluster_manager_cds|listener_manager_lds)_update_(rejected|success)",
    "istio_agent_cert_expiry_seconds",
];

/** Relabeling of a gateway's metrics: it keeps some of them, with the host as a label and one name for all hosts. */
export const METRIC_RELABELINGS: Relabeling[] = [
    { sourceLabels: ["__name__"], regex: KEPT.join("|"), action: "keep" },
    // The proxy's own clusters, of its control plane and its agent.
    { sourceLabels: ["__name__", "cluster_name"], regex: "envoy_cluster_(upstream|ssl)_.+;[^|]+", action: "drop" },
    // The mesh's own services, including the gateway.
    { sourceLabels: ["cluster_name"], regex: ".*\\.svc\\.cluster\\.local;?", action: "drop" },
    // Each code is already counted in its class.
    { sourceLabels: ["__name__", "response_code"], regex: "envoy_vhost_.+;.+", action: "drop" },
    { sourceLabels: ["__name__"], regex: ROUTE_METRIC, targetLabel: "__name__", replacement: "envoy_egress_route_$1" },
    {
        sourceLabels: ["cluster_name"],
        regex: "outbound\\|[0-9]+\\|[^|]*\\|(.+?);?",
        targetLabel: "egress_host",
        replacement: "$1",
    },
];

/** Port of a proxy's agent, with metrics of the agent and the proxy. */
export const METRICS_PORT = 15020;
export const METRICS_PATH = "/stats/prometheus";

/** The same step in the spelling of Prometheus' own configuration file. */
export function inConfigurationFile({ sourceLabels, targetLabel, ...step }: Relabeling) {
    return {
        ...(sourceLabels && { source_labels: sourceLabels }),
        ...step,
        ...(targetLabel && { target_label: targetLabel }),
    };
}
