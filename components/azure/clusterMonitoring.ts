import * as pulumi from "@pulumi/pulumi";
import { METRICS_ASSOCIATION, ManagedPrometheus, metricsRule } from "../../plan/azure/managedPrometheus";
import { monitor, operationalinsights } from "../internal/azureNative";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace";

interface MonitoringArgs {
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
}

/** Audit logs of the API server, without reads. */
const CONTROL_PLANE_LOGS = ["kube-audit-admin", "guard", "cluster-autoscaler"];
/** Structured logs of Azure Firewall (articles/firewall/monitor-firewall-reference.md in Microsoft's documentation). */
const FIREWALL_LOGS = ["AZFWApplicationRule", "AZFWNetworkRule", "AZFWDnsQuery"];
const CONTAINER_STREAM = "Microsoft-ContainerInsights-Group-Default";

/** Destination of the cluster's logs. */
export function logWorkspace(
    name: string,
    parent: pulumi.Resource,
    { retentionInDays, dailyCapGb, ...shared }: MonitoringArgs & { retentionInDays: number; dailyCapGb: number },
): Workspace {
    return new operationalinsights.Workspace(
        `${name}-logs`,
        {
            ...shared,
            retentionInDays,
            workspaceCapping: { dailyQuotaGb: dailyCapGb },
            sku: { name: "PerGB2018" },
        },
        { parent },
    );
}

/** Sends a firewall's logs of allowed and denied calls to the workspace, each kind to its own table. */
export function firewallLogs(
    name: string,
    firewallId: pulumi.Input<string>,
    workspaceId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): void {
    new monitor.DiagnosticSetting(
        `${name}-firewall-logs`,
        {
            name: "firewall",
            resourceUri: firewallId,
            workspaceId,
            logAnalyticsDestinationType: "Dedicated",
            logs: FIREWALL_LOGS.map((category) => ({ category, enabled: true })),
        },
        opts,
    );
}

/** Sends the logs of the cluster's control plane and containers to the workspace. */
export function collectLogs(
    name: string,
    parent: pulumi.Resource,
    {
        clusterId,
        workspaceId,
        excludedNamespaces,
        ...shared
    }: MonitoringArgs & Record<"clusterId" | "workspaceId", pulumi.Input<string>> & { excludedNamespaces: string[] },
): void {
    const child = { parent };
    new monitor.DiagnosticSetting(
        `${name}-control-plane-logs`,
        {
            name: "control-plane",
            resourceUri: clusterId,
            workspaceId,
            logAnalyticsDestinationType: "Dedicated",
            logs: CONTROL_PLANE_LOGS.map((category) => ({ category, enabled: true })),
        },
        child,
    );
    const rule = new monitor.DataCollectionRule(
        `${name}-container-logs`,
        {
            ...shared,
            kind: monitor.KnownDataCollectionRuleResourceKind.Linux,
            dataSources: {
                extensions: [
                    {
                        name: "containers",
                        extensionName: "ContainerInsights",
                        streams: [CONTAINER_STREAM],
                        extensionSettings: {
                            dataCollectionSettings: {
                                enableContainerLogV2: true,
                                namespaceFilteringMode: excludedNamespaces.length > 0 ? "Exclude" : "Off",
                                namespaces: excludedNamespaces,
                            },
                        },
                    },
                ],
            },
            destinations: { logAnalytics: [{ name: "workspace", workspaceResourceId: workspaceId }] },
            dataFlows: [{ streams: [CONTAINER_STREAM], destinations: ["workspace"] }],
        },
        child,
    );
    new monitor.DataCollectionRuleAssociation(
        `${name}-container-logs-association`,
        { resourceUri: clusterId, associationName: "ContainerInsightsExtension", dataCollectionRuleId: rule.id },
        child,
    );
}

/** Sends the cluster's metrics to a workspace of Azure's managed Prometheus, and returns its id. */
export function collectMetrics(
    name: string,
    parent: pulumi.Resource,
    {
        clusterId,
        prometheus,
        ...shared
    }: MonitoringArgs & { clusterId: pulumi.Input<string>; prometheus: ManagedPrometheus },
): pulumi.Output<string> {
    const child = { parent };
    const workspaceId = pulumi.output(
        prometheus.workspaceId ?? new monitor.AzureMonitorWorkspace(`${name}-metrics`, shared, child).id,
    );
    // Both are in the region of the workspace, which need not be the cluster's.
    const atWorkspace = { ...shared, location: prometheus.workspaceLocation ?? shared.location };
    const endpoint = new monitor.DataCollectionEndpoint(
        `${name}-metrics-endpoint`,
        { ...atWorkspace, kind: monitor.KnownDataCollectionEndpointResourceKind.Linux },
        child,
    );
    const rule = new monitor.DataCollectionRule(
        `${name}-metrics-rule`,
        {
            ...atWorkspace,
            kind: monitor.KnownDataCollectionRuleResourceKind.Linux,
            dataCollectionEndpointId: endpoint.id,
            ...metricsRule(workspaceId),
        },
        child,
    );
    new monitor.DataCollectionRuleAssociation(
        `${name}-metrics-association`,
        { resourceUri: clusterId, associationName: METRICS_ASSOCIATION, dataCollectionRuleId: rule.id },
        child,
    );
    return workspaceId;
}
