import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { DASHBOARD_LABELS, dashboard } from "../../plan/observability/dashboard";
import {
    MetricsOperator,
    POD_MONITOR_API,
    podMonitor,
    scrapeConfig,
    validateMetrics,
} from "../../plan/observability/scrape";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** Options of the metrics that do not depend on the gateway. */
export interface EgressMetricsSettings {
    /**
     * Prometheus that scrapes them. Default: `prometheus`, the Prometheus operator; in an AKS environment with
     * `azure.cluster.managedPrometheus`, `azure`.
     */
    operator?: MetricsOperator;
    /**
     * Labels with which your Prometheus selects its PodMonitors. Default: none.
     *
     * @example { release: "prometheus" }
     */
    labels?: Record<string, string>;
    /** Seconds between two scrapes. Default: 30. */
    intervalSeconds?: number;
    /**
     * Whether to create a ConfigMap with the Grafana dashboard in the gateway's namespace. It has the label
     * `grafana_dashboard: "1"`, with which the sidecar of Grafana's chart finds it. The output `dashboard` always has
     * the dashboard. Default: false.
     */
    dashboard?: boolean;
}

/** What applies where an option is left out. */
export const METRICS_DEFAULTS = {
    operator: MetricsOperator.Prometheus,
    intervalSeconds: 30,
} as const satisfies Partial<EgressMetricsSettings>;

export interface EgressMetricsArgs extends EgressMetricsSettings {
    /** The gateway whose metrics are scraped. */
    gateway: GatewayReference;
}

/**
 * A gateway's metrics for Prometheus, and a Grafana dashboard of them: calls, failures by reason, latency, TLS and
 * certificates by host, and calls by host and caller. Labels come from the routes' declarations and never from
 * requests, so their number is bounded.
 */
export class EgressMetrics extends pulumi.ComponentResource {
    /** The entry of `scrape_configs`, as JSON, for a Prometheus without an operator. */
    public readonly scrapeConfig: pulumi.Output<string>;
    /** Grafana's dashboard, as JSON to import. */
    public readonly dashboard: pulumi.Output<string>;

    constructor(name: string, args: EgressMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressMetrics", name, args);
        const { labels = {} } = args;
        const operator = args.operator ?? METRICS_DEFAULTS.operator;
        const intervalSeconds = args.intervalSeconds ?? METRICS_DEFAULTS.intervalSeconds;
        assertValid("EgressMetrics", name, validateMetrics({ intervalSeconds }));
        super("mesh-egress:index:EgressMetrics", name, args, opts);

        const { gatewayName, namespace } = args.gateway;
        const gateway = pulumi.output({ name: gatewayName, namespace });
        this.scrapeConfig = gateway.apply((known) => JSON.stringify(scrapeConfig(known, intervalSeconds), null, 2));
        this.dashboard = gateway.apply((known) => JSON.stringify(dashboard(known), null, 2));
        if (operator !== MetricsOperator.None) {
            const monitor = gateway.apply((known) =>
                podMonitor({ name, gateway: known, operator, labels, intervalSeconds }),
            );
            new CustomResource(
                `${name}-monitor`,
                {
                    apiVersion: POD_MONITOR_API[operator],
                    kind: "PodMonitor",
                    metadata: monitor.metadata,
                    spec: monitor.spec,
                },
                { parent: this },
            );
        }
        if (args.dashboard) {
            new ConfigMap(
                `${name}-dashboard`,
                {
                    metadata: { name: `${name}-dashboard`, namespace: gateway.namespace, labels: DASHBOARD_LABELS },
                    data: { "egress-gateway.json": this.dashboard },
                },
                { parent: this },
            );
        }
        this.registerOutputs();
    }
}
