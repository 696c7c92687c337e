import { Violation } from "../shared/violation";
import { validateResourceId } from "./resourceId";

/** Azure Monitor's managed service for Prometheus, for one cluster. */
export interface ManagedPrometheus {
    /**
     * Id of the Azure Monitor workspace that stores the metrics. Default: one is created with the cluster.
     *
     * @example "/subscriptions/<id>/resourceGroups/monitoring/providers/Microsoft.Monitor/accounts/company"
     */
    workspaceId?: string;
    /**
     * Region of that workspace, in which the cluster's metrics are received. Default: the cluster's.
     *
     * @example "northeurope"
     */
    workspaceLocation?: string;
}

/** Resource providers of a cluster with it, in addition to those of every environment. */
export const PROMETHEUS_PROVIDERS = ["Microsoft.AlertsManagement", "Microsoft.Monitor"];

export function validateManagedPrometheus({ workspaceId, workspaceLocation }: ManagedPrometheus): Violation[] {
    return [
        ...(workspaceId === undefined ? [] : validateResourceId("monitorWorkspace", "workspaceId", workspaceId)),
        ...(workspaceLocation !== undefined && workspaceId === undefined
            ? [
                  {
                      path: "workspaceLocation",
                      value: workspaceLocation,
                      problem: "has no effect without workspaceId: the workspace is created in the cluster's region",
                      expected: "workspaceLocation only with workspaceId",
                      fix: "Remove it, or set workspaceId to the workspace in that region",
                  },
              ]
            : []),
    ];
}

const STREAM = "Microsoft-PrometheusMetrics";

/**
 * ARM's rule that sends a cluster's metrics to a workspace, and the name with which the agent finds it
 * (`get_default_dcra_name` and `create_dcr` of azuremonitormetrics in Azure/azure-cli).
 */
export function metricsRule<T>(workspaceId: T) {
    const destination = "workspace";
    return {
        dataSources: { prometheusForwarder: [{ name: "prometheus", streams: [STREAM], labelIncludeFilter: {} }] },
        destinations: { monitoringAccounts: [{ name: destination, accountResourceId: workspaceId }] },
        dataFlows: [{ streams: [STREAM], destinations: [destination] }],
    };
}
export const METRICS_ASSOCIATION = "ContainerInsightsMetricsExtension";
