import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ruleGroups } from "../../plan/observability/ruleGroups";
import { PrometheusRule } from "../../plan/pki/certificateAlerts";
import { GatewayReference } from "../egress/gatewayReference";
import { alertsmanagement } from "./azureNative";

/** A cluster in Azure's managed Prometheus, and where its rule groups are created. */
export interface ManagedRules {
    /**
     * Id of the Azure Monitor workspace with the gateway's metrics, such as `metricsWorkspaceId` of an `AksCluster`.
     *
     * @example "/subscriptions/<id>/resourceGroups/monitoring/providers/Microsoft.Monitor/accounts/company"
     */
    workspaceId: pulumi.Input<string>;
    /**
     * Id of the cluster, so that the rules read no other cluster's metrics.
     *
     * @example "/subscriptions/<id>/resourceGroups/egress/providers/Microsoft.ContainerService/managedClusters/aks"
     */
    clusterId: pulumi.Input<string>;
    /** Resource group of the rule groups. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Azure region of the rule groups: the workspace's.
     *
     * @example "westeurope"
     */
    location: pulumi.Input<string>;
    /**
     * Tags of the rule groups. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, pulumi.Input<string>>;
}

interface RuleArgs {
    gateway: GatewayReference;
    namespace?: pulumi.Input<string>;
    managed?: ManagedRules;
    actionGroupIds?: string[];
}

type Plan = (known: { namespace: string; gatewayNamespace: string }) => PrometheusRule;

/** Creates a `PrometheusRule`, or the same rules as groups of Azure's managed Prometheus. Returns what they are named. */
export function prometheusRule(
    name: string,
    parent: pulumi.Resource,
    args: RuleArgs,
    plan: Plan,
): pulumi.Output<string> {
    if (args.managed) {
        return managedGroups(name, parent, args.managed, args, plan);
    }
    const gatewayNamespace = args.gateway.namespace;
    const { metadata, spec } = pulumi
        .output({ namespace: args.namespace ?? gatewayNamespace, gatewayNamespace })
        .apply(plan);
    const rule = new CustomResource(
        `${name}-rule`,
        { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec },
        { parent },
    );
    return rule.metadata.name;
}

function managedGroups(
    name: string,
    parent: pulumi.Resource,
    { workspaceId, clusterId, ...shared }: ManagedRules,
    { gateway, actionGroupIds = [] }: RuleArgs,
    plan: Plan,
): pulumi.Output<string> {
    const groupsOf = (namespace: string) =>
        ruleGroups(plan({ namespace, gatewayNamespace: namespace }), actionGroupIds);
    const groups = pulumi.output(gateway.namespace).apply(groupsOf);
    const clusterName = pulumi.output(clusterId).apply((id) => id.split("/").pop() as string);
    // Which groups there are does not depend on the gateway's namespace, which may not be known yet.
    const made = groupsOf("").map(
        (group, index) =>
            new alertsmanagement.PrometheusRuleGroup(
                `${name}-${group.name}`,
                {
                    ...shared,
                    scopes: [workspaceId, clusterId],
                    clusterName,
                    interval: group.interval,
                    enabled: true,
                    rules: groups[index].rules,
                },
                { parent },
            ),
    );
    return pulumi.all(made.map((group) => group.name)).apply((names) => names.join(", "));
}
