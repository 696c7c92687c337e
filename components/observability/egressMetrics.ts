import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { DASHBOARD_LABELS, dashboard } from "../../plan/observability/dashboard";
import {
    DEFAULT_INTERVAL_SECONDS,
    MetricsOperator,
    POD_MONITOR_API,
    podMonitor,
    scrapeConfig,
    validateMetrics,
} from "../../plan/observability/scrape";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** What metrics may be given wherever they are read. */
export interface EgressMetricsSettings {
    /** Which Prometheus reads them. Default: `prometheus`, the Prometheus operator. */
    operator?: MetricsOperator;
    /** Labels by which your Prometheus selects its PodMonitors. Default: none. */
    labels?: Record<string, string>;
    /** Seconds between two readings. Default: 30. */
    intervalSeconds?: number;
    /**
     * Whether to make the ConfigMap with Grafana's dashboard next to the gateway, labelled `grafana_dashboard: "1"`, by which the sidecar of
     * Grafana's chart finds it. The output `dashboard` has it in any case. Default: false.
     */
    dashboard?: boolean;
}

export interface EgressMetricsArgs extends EgressMetricsSettings {
    /** The gateway whose metrics are read. */
    gateway: GatewayReference;
}

/**
 * A gateway's metrics for Prometheus, and Grafana's dashboard of them: calls, failures by reason, latency, TLS and certificates by host, and calls
 * by host and caller. Labels come from what the routes declare and never from requests, so their number is bounded.
 */
export class EgressMetrics extends pulumi.ComponentResource {
    /** The entry of `scrape_configs`, as JSON, for a Prometheus without an operator. */
    public readonly scrapeConfig: pulumi.Output<string>;
    /** Grafana's dashboard, as JSON to import. */
    public readonly dashboard: pulumi.Output<string>;

    constructor(name: string, args: EgressMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressMetrics", name, args);
        const { operator = MetricsOperator.Prometheus, labels = {}, intervalSeconds = DEFAULT_INTERVAL_SECONDS } = args;
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
