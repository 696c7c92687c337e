import { GatewayLocation, gatewaySelector } from "../mesh/gateway";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { METRICS_PATH, METRICS_PORT, METRIC_RELABELINGS, Relabeling, inConfigurationFile } from "./relabeling";

/** Which Prometheus reads the gateway's metrics, and so which kind of object tells it to. */
export const MetricsOperator = {
    /** The Prometheus operator: a PodMonitor of `monitoring.coreos.com/v1`. */
    Prometheus: "prometheus",
    /** Azure's managed Prometheus: a PodMonitor of `azmonitoring.coreos.com/v1`, in which its agent looks. */
    Azure: "azure",
    /** None: the output `scrapeConfig` goes into the configuration of your own Prometheus. */
    None: "none",
} as const;
export type MetricsOperator = (typeof MetricsOperator)[keyof typeof MetricsOperator];

/** The API of each operator's PodMonitor. */
export const POD_MONITOR_API = { prometheus: "monitoring.coreos.com/v1", azure: "azmonitoring.coreos.com/v1" };

/**
 * Limits that Microsoft's template of a PodMonitor has, beyond which Azure's agent drops a target:
 * learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd
 */
const AZURE_LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 };

export function validateMetrics({ intervalSeconds }: { intervalSeconds: number }): Violation[] {
    return validateWholeNumber("intervalSeconds", intervalSeconds, "is not a number of seconds", { most: 300 });
}

export interface PodMonitorOptions {
    name: string;
    gateway: GatewayLocation;
    operator: "prometheus" | "azure";
    labels: Record<string, string>;
    intervalSeconds: number;
}

/** Tells an operator's Prometheus to read the metrics of the gateway's pods. */
export function podMonitor({ name, gateway, operator, labels, intervalSeconds }: PodMonitorOptions) {
    return {
        apiVersion: POD_MONITOR_API[operator],
        kind: "PodMonitor",
        metadata: { name, namespace: gateway.namespace, labels },
        spec: {
            ...(operator === "azure" && AZURE_LIMITS),
            selector: { matchLabels: gatewaySelector(gateway) },
            namespaceSelector: { matchNames: [gateway.namespace] },
            podMetricsEndpoints: [
                {
                    // Istio's chart names the proxy's own port only; the agent's has the agent's metrics too.
                    port: "http-envoy-prom",
                    path: METRICS_PATH,
                    interval: `${intervalSeconds}s`,
                    relabelings: [agentPort("__address__")],
                    metricRelabelings: METRIC_RELABELINGS,
                },
            ],
        },
    };
}

/** The same as an entry of `scrape_configs` in Prometheus' own configuration. */
export function scrapeConfig(gateway: GatewayLocation, intervalSeconds: number) {
    const relabelings: Relabeling[] = [
        ...Object.entries(gatewaySelector(gateway)).map(([label, value]): Relabeling => ({
            sourceLabels: [`__meta_kubernetes_pod_label_${label}`],
            regex: value,
            action: "keep",
        })),
        { sourceLabels: ["__meta_kubernetes_pod_container_port_name"], regex: "http-envoy-prom", action: "keep" },
        agentPort("__address__"),
        { sourceLabels: ["__meta_kubernetes_namespace"], targetLabel: "namespace" },
        { sourceLabels: ["__meta_kubernetes_pod_name"], targetLabel: "pod" },
    ];
    return {
        job_name: `${gateway.namespace}/${gateway.name}`,
        scrape_interval: `${intervalSeconds}s`,
        metrics_path: METRICS_PATH,
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [gateway.namespace] } }],
        relabel_configs: relabelings.map(inConfigurationFile),
        metric_relabel_configs: METRIC_RELABELINGS.map(inConfigurationFile),
    };
}

function agentPort(address: string): Relabeling {
    return { sourceLabels: [address], regex: "(.+):[0-9]+", targetLabel: address, replacement: `$1:${METRICS_PORT}` };
}
