/** A step of Prometheus' relabeling, as a PodMonitor spells it. */
export interface Relabeling {
    sourceLabels?: string[];
    regex?: string;
    targetLabel?: string;
    replacement?: string;
    action?: "keep" | "drop" | "replace";
}

/** Host and caller of a route's statistics are in labels; what is left of their names differs by host. */
const ROUTE_METRIC = "envoy_vhost_.+_route_+(upstream_rq)";

/** All metrics of a gateway that an alert or a panel asks for. */
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

/** What becomes of the metrics that a gateway tells: some are kept, with the host as a label and one name for all hosts. */
export const METRIC_RELABELINGS: Relabeling[] = [
    { sourceLabels: ["__name__"], regex: KEPT.join("|"), action: "keep" },
    // The proxy's own clusters, of its control plane and its agent.
    { sourceLabels: ["__name__", "cluster_name"], regex: "envoy_cluster_(upstream|ssl)_.+;[^|]+", action: "drop" },
    // The mesh's own services, the gateway itself among them.
    { sourceLabels: ["cluster_name"], regex: ".*\\.svc\\.cluster\\.local;?", action: "drop" },
    // Each code is counted in its class already.
    { sourceLabels: ["__name__", "response_code"], regex: "envoy_vhost_.+;.+", action: "drop" },
    { sourceLabels: ["__name__"], regex: ROUTE_METRIC, targetLabel: "__name__", replacement: "envoy_egress_route_$1" },
    {
        sourceLabels: ["cluster_name"],
        regex: "outbound\\|[0-9]+\\|[^|]*\\|(.+?);?",
        targetLabel: "egress_host",
        replacement: "$1",
    },
];

/** The port of a proxy's agent, which has the agent's metrics and the proxy's. */
export const METRICS_PORT = 15020;
export const METRICS_PATH = "/stats/prometheus";

/** The same step as Prometheus' own configuration file spells it. */
export function inConfigurationFile({ sourceLabels, targetLabel, ...step }: Relabeling) {
    return {
        ...(sourceLabels && { source_labels: sourceLabels }),
        ...step,
        ...(targetLabel && { target_label: targetLabel }),
    };
}
