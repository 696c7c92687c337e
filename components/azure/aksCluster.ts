import * as pulumi from "@pulumi/pulumi";
import { AgentPoolArgs, ManagedCluster } from "@pulumi/azure-native/containerservice";
import { aks, authorization, managedidentity } from "../internal/azureNative";
import { apiServerAccessProfile, networkProfile, validateCluster } from "../../plan/azure/cluster";
import { networkOfSubnet } from "../../plan/azure/resourceId";
import { ResolvedCluster, resolvedCluster } from "../../plan/azure/resolvedCluster";
import { addonProfiles, autoScalerProfile, securityProfile } from "../../plan/azure/clusterFeatures";
import { KEPT_OF_CLUSTER, KEPT_OF_POOL } from "../../plan/azure/clusterReplacement";
import { kubeconfigFor } from "../../plan/azure/kubeconfig";
import { MAINTENANCE_SCHEDULES, maintenanceWindow } from "../../plan/azure/maintenance";
import { NodePoolOptions, egressNodeSelector, egressTaint } from "../../plan/azure/nodePool";
import { validateClusterRegion } from "../../plan/azure/regions";
import { supportWarnings } from "../../plan/azure/supportTable";
import { registryName } from "../../plan/azure/registry";
import { RoleName, roleDefinitionId } from "../../plan/azure/roles";
import { CLUSTER_MINUTES, POOL_MINUTES, customTimeouts } from "../../plan/azure/timeouts";
import { assertValid } from "../internal/validation";
import { collectLogs, collectMetrics, logWorkspace } from "./clusterMonitoring";
import { keptCluster, keptPool, systemPoolWarning } from "./keptCluster";
import { roleWait } from "../internal/roleWait";
import { identityRole } from "../internal/roleAssignment";
import {
    AksClusterOptions,
    ApiServerAccess,
    ClusterTier,
    KubeconfigLogin,
    MeshAddonOptions,
    NodeOsUpgradeChannel,
    OsDiskType,
    ServerFqdn,
} from "../../plan/azure/clusterOptions";
import { checkedArguments } from "../internal/checkedArguments";

/** The managed Istio add-on, and the public prefix of its gateway's egress traffic. */
export interface MeshAddon extends MeshAddonOptions {
    /** Id of that prefix: `egressPrefixId` of an `EgressNetwork` with `natGateway: false`. */
    egressPrefixId: pulumi.Input<string>;
}

export interface AksClusterArgs extends AksClusterOptions {
    /** Resource group of the cluster, such as the output of an `EgressNetwork`. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Azure region, such as the output of an `EgressNetwork`.
     *
     * @example "westeurope"
     */
    location: pulumi.Input<string>;
    /** Id of the subnet of the system and user pools. */
    nodeSubnetId: pulumi.Input<string>;
    /** Id of the subnet of the egress pool. */
    egressSubnetId: pulumi.Input<string>;
    /** Id of the subnet that is delegated to the API server. */
    apiServerSubnetId: pulumi.Input<string>;
    /**
     * Ids of the subnets' route tables, if the nodes' outbound traffic goes through a firewall. Default: none; it goes
     * through Azure's load balancer.
     */
    routeTableIds?: pulumi.Input<string>[];
    /**
     * Whether routes lead to a firewall, if the subnets exist already. Default: true with `routeTableIds`, else false.
     */
    userDefinedRouting?: boolean;
    /**
     * Whether the virtual network existed before, so that it may have DNS servers of its own. With a private API server the cluster's
     * identity then gets a role on the whole network, because AKS links its private DNS zone with it. Default: false; the identity gets
     * the role only with `privateDnsZoneId`.
     */
    existingNetwork?: boolean;
    /**
     * The managed Istio add-on. Default: none; Istio is installed from its charts.
     *
     * @example { revision: "asm-1-30", egressPrefixId }
     */
    addon?: MeshAddon;
    /**
     * Tags of every resource. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/**
 * An AKS cluster that enforces NetworkPolicies, authenticates users with Entra ID, and has separate nodes and public
 * addresses for the egress gateway.
 */
export class AksCluster extends pulumi.ComponentResource {
    /** Name of the cluster. */
    public readonly clusterName: pulumi.Output<string>;
    /** Id of the cluster. */
    public readonly clusterId: pulumi.Output<string>;
    /** Object id of the identity with which the nodes pull images. */
    public readonly kubeletObjectId: pulumi.Output<string>;
    /** A kubeconfig that authenticates according to `kubeconfigLogin`, a secret. */
    public readonly kubeconfig: pulumi.Output<string>;
    /** URL of the issuer of the cluster's service account tokens, for workload identity. */
    public readonly oidcIssuerUrl: pulumi.Output<string>;
    /** Id of the workspace with the cluster's logs. */
    public readonly logWorkspaceId: pulumi.Output<string>;
    /** Id of the Azure Monitor workspace with the cluster's metrics. Empty without `managedPrometheus`. */
    public readonly metricsWorkspaceId: pulumi.Output<string>;
    /** Resource group of the nodes, which AKS manages. */
    public readonly nodeResourceGroup: pulumi.Output<string>;

    constructor(name: string, args: AksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("AksCluster", name, args);
        const request = resolvedCluster(args, {
            routed: args.userDefinedRouting ?? (args.routeTableIds ?? []).length > 0,
            addon: args.addon,
        });
        const routeTableIds = args.routeTableIds ?? [];
        assertValid("AksCluster", name, [
            ...validateCluster(request),
            ...(typeof args.location === "string" ? validateClusterRegion(args.location, request) : []),
        ]);
        super("mesh-egress:index:AksCluster", name, args, opts);
        for (const warning of supportWarnings(
            { kubernetesVersion: request.kubernetesVersion, revision: request.addon?.revision },
            new Date(),
        )) {
            void pulumi.log.warn(warning, this);
        }

        const child = { parent: this };
        const { tags } = args;
        const shared = { resourceGroupName: args.resourceGroupName, location: args.location, tags };
        const subnetIds = {
            nodes: args.nodeSubnetId,
            egress: args.egressSubnetId,
            "api-server": args.apiServerSubnetId,
        };

        const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, shared, child);
        const kubelet = new managedidentity.UserAssignedIdentity(`${name}-kubelet-identity`, shared, child);
        const scopes: [string, pulumi.Input<string>][] = [
            ...Object.entries(subnetIds),
            ...(linksZone(request, args.existingNetwork)
                ? ([["virtual-network", pulumi.output(args.nodeSubnetId).apply(networkOfSubnet)]] as [
                      string,
                      pulumi.Input<string>,
                  ][])
                : []),
            ...routeTableIds.map((id, index): [string, pulumi.Input<string>] => [`routes-${index}`, id]),
            ...(args.addon ? ([["prefix", args.addon.egressPrefixId]] as [string, pulumi.Input<string>][]) : []),
        ];
        const roles = scopes.map(([what, scope]) =>
            identityRole(
                `${name}-${what}-role`,
                "networkContributor",
                { principalId: identity.principalId, scope },
                child,
            ),
        );
        // A node that is created before its role could not pull its first image.
        const kubeletRoles = [
            identityRole(
                `${name}-kubelet-role`,
                "managedIdentityOperator",
                { principalId: identity.principalId, scope: kubelet.id },
                child,
            ),
            ...(request.privateDnsZoneId === undefined
                ? []
                : [
                      identityRole(
                          `${name}-dns-zone-role`,
                          "privateDnsZoneContributor",
                          { principalId: identity.principalId, scope: request.privateDnsZoneId },
                          child,
                      ),
                  ]),
            // The API server decrypts Secrets with the key from its first start on; a private vault also gets an endpoint.
            ...(request.etcdKey === undefined
                ? []
                : ([
                      ["key", "keyVaultCryptoUser"],
                      ...(request.etcdKey.privateVault ? [["vault", "keyVaultContributor"]] : []),
                  ] as [string, RoleName][])
            ).map(([what, role]) =>
                identityRole(
                    `${name}-etcd-${what}-role`,
                    role,
                    { principalId: identity.principalId, scope: request.etcdKey?.keyVaultId ?? "" },
                    child,
                ),
            ),
            ...request.registryIds.map((scope) =>
                identityRole(
                    `${name}-${registryName(scope)}-pull-role`,
                    "acrPull",
                    { principalId: kubelet.principalId, scope },
                    child,
                ),
            ),
        ];
        const workspace = logWorkspace(name, this, {
            ...shared,
            retentionInDays: request.logRetentionDays,
            dailyCapGb: request.logDailyCapGb,
        });
        const { addon } = request;

        const cluster = new aks.ManagedCluster(
            `${name}-cluster`,
            {
                ...shared,
                dnsPrefix: name,
                kubernetesVersion: args.kubernetesVersion,
                sku: { name: aks.ManagedClusterSKUName.Base, tier: args.tier ?? ClusterTier.Standard },
                identity: { type: aks.ResourceIdentityType.UserAssigned, userAssignedIdentities: [identity.id] },
                identityProfile: {
                    kubeletidentity: {
                        resourceId: kubelet.id,
                        clientId: kubelet.clientId,
                        objectId: kubelet.principalId,
                    },
                },
                enableRBAC: true,
                aadProfile: { managed: true, enableAzureRBAC: true },
                disableLocalAccounts: !(args.localAccounts ?? false),
                agentPoolProfiles: [
                    {
                        name: request.systemPool.name,
                        ...nodes(request.systemPool, args),
                        mode: aks.AgentPoolMode.System,
                        vnetSubnetID: args.nodeSubnetId,
                        nodeTaints: request.userPools.length > 0 ? ["CriticalAddonsOnly=true:NoSchedule"] : undefined,
                    },
                ],
                networkProfile: {
                    ...networkProfile(request),
                    outboundType: request.routed ? aks.OutboundType.UserDefinedRouting : aks.OutboundType.LoadBalancer,
                },
                apiServerAccessProfile: { ...apiServerAccessProfile(request), subnetId: args.apiServerSubnetId },
                oidcIssuerProfile: { enabled: true },
                securityProfile: securityProfile(request, workspace.id),
                autoUpgradeProfile: {
                    upgradeChannel: request.upgradeChannel,
                    nodeOSUpgradeChannel: args.nodeOsUpgradeChannel ?? NodeOsUpgradeChannel.NodeImage,
                },
                autoScalerProfile: autoScalerProfile(request),
                azureMonitorProfile: request.managedPrometheus && { metrics: { enabled: true } },
                addonProfiles: addonProfiles(request, workspace.id),
                serviceMeshProfile: addon && {
                    mode: aks.ServiceMeshMode.Istio,
                    istio: {
                        revisions: [addon.revision],
                        components: {
                            egressGateways: [
                                {
                                    enabled: true,
                                    name: addon.gatewayName,
                                    namespace: addon.gatewayNamespace,
                                    gatewayConfigurationName: addon.gatewayName,
                                },
                            ],
                        },
                    },
                },
            },
            {
                parent: this,
                dependsOn: [...roles, ...kubeletRoles],
                ignoreChanges: [
                    // Azure never changes it, so a new name of this component must not replace the cluster.
                    "dnsPrefix",
                    ...(args.replaceCluster ? [] : KEPT_OF_CLUSTER),
                    // Azure lists the other pools there, and the autoscaler and the upgrade channel change the system
                    // pool.
                    ...(args.replaceCluster || args.changeSystemPool ? [] : ["agentPoolProfiles"]),
                ],
                customTimeouts: customTimeouts(CLUSTER_MINUTES),
                ...roleWait(name),
            },
        );

        // The cluster accepts one change at a time, so its pools and other parts are created one after the other.
        let previous: pulumi.Resource = cluster;
        const ofCluster = { resourceGroupName: args.resourceGroupName, resourceName: cluster.name };
        const next = <T extends pulumi.Resource>(make: (opts: pulumi.CustomResourceOptions) => T) => {
            previous = make({ parent: this, dependsOn: previous, deletedWith: cluster });
        };
        const kept: pulumi.Output<unknown>[] = [];
        const pool = (path: string, pool: NodePoolOptions, own: Partial<AgentPoolArgs>) =>
            next((opts) => {
                const made = new aks.AgentPool(
                    `${name}-${pool.name}-pool`,
                    { ...ofCluster, agentPoolName: pool.name, ...nodes(pool, args), ...own },
                    {
                        ...opts,
                        ignoreChanges: [
                            ...(scales(pool) ? ["count"] : []),
                            ...(args.replaceCluster || args.replacePools ? [] : KEPT_OF_POOL),
                        ],
                        customTimeouts: customTimeouts(POOL_MINUTES),
                    },
                );
                kept.push(keptPool(name, path, pool, made, args.replaceCluster || args.replacePools));
                return made;
            });
        request.userPools.forEach((userPool, index) =>
            pool(`userPools[${index}]`, userPool, { mode: aks.AgentPoolMode.User, vnetSubnetID: args.nodeSubnetId }),
        );
        pool("egressPool", request.egressPool, {
            vnetSubnetID: args.egressSubnetId,
            nodeLabels: egressNodeSelector,
            ...(addon
                ? // AKS taints a gateway's nodes itself.
                  { mode: aks.AgentPoolMode.Gateway, gatewayProfile: { publicIPPrefixSize: addon.egressPrefixLength } }
                : { mode: aks.AgentPoolMode.User, nodeTaints: [egressTaint] }),
        });
        Object.entries(MAINTENANCE_SCHEDULES).forEach(([what, configName]) =>
            next(
                (opts) =>
                    new aks.MaintenanceConfiguration(
                        `${name}-${what}-maintenance`,
                        { ...ofCluster, configName, maintenanceWindow: maintenanceWindow(request.maintenance) },
                        opts,
                    ),
            ),
        );
        collectLogs(name, this, {
            ...shared,
            clusterId: cluster.id,
            workspaceId: workspace.id,
            excludedNamespaces: request.logExcludedNamespaces,
        });
        this.metricsWorkspaceId = request.managedPrometheus
            ? collectMetrics(name, this, { ...shared, clusterId: cluster.id, prometheus: request.managedPrometheus })
            : pulumi.output("");
        for (const principalId of request.clusterAdmins) {
            // Named after the id, so that another order of the list or another deployer changes nothing.
            new authorization.RoleAssignment(
                `${name}-admin-${principalId}`,
                { principalId, roleDefinitionId: roleDefinitionId("aksClusterAdmin"), scope: cluster.id },
                child,
            );
        }

        kept.push(keptCluster(name, request, cluster, args), systemPoolWarning(this, request, cluster, args));

        this.clusterName = cluster.name;
        this.clusterId = cluster.id;
        managedClusters.set(this, cluster);
        this.kubeletObjectId = kubelet.principalId;
        this.logWorkspaceId = workspace.id;
        // Nothing is created in a cluster that the arguments would have replaced.
        this.kubeconfig = pulumi.secret(
            pulumi.all([kubeconfigOf(cluster, args, request), ...kept]).apply(([known]) => known),
        );
        this.oidcIssuerUrl = cluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
        this.nodeResourceGroup = cluster.nodeResourceGroup.apply((group) => group ?? "");
        this.registerOutputs();
    }

    /** The cluster itself, for `deletedWith`: objects in it need not be deleted individually. */
    get managedCluster(): ManagedCluster {
        return managedClusters.get(this) as ManagedCluster;
    }
}

// A field would be an output, and then the schema would need azure-native's types even for users of routes only.
const managedClusters = new WeakMap<AksCluster, ManagedCluster>();

/**
 * Whether AKS needs a role on the whole network, to link the zone of a private API server with it: with a zone of one's own, and where the
 * network may have DNS servers of its own (articles/aks/private-clusters.md of MicrosoftDocs/azure-aks-docs, dated 2026-08-05).
 */
function linksZone({ access, privateDnsZoneId }: ResolvedCluster, existingNetwork = false): boolean {
    return access === ApiServerAccess.Private && (privateDnsZoneId !== undefined || existingNetwork);
}

/** Whether the autoscaler decides the number of nodes of a pool. */
function scales({ minNodes, maxNodes }: NodePoolOptions): boolean {
    return maxNodes > minNodes;
}

const OS_DISK_TYPES: Record<OsDiskType, string> = {
    ephemeral: "Ephemeral",
    managed: "Managed",
};

function nodes(pool: NodePoolOptions, { kubernetesVersion, maxSurge, encryptionAtHost }: AksClusterOptions) {
    return {
        type: aks.AgentPoolType.VirtualMachineScaleSets,
        osType: aks.OSType.Linux,
        orchestratorVersion: kubernetesVersion,
        // Sent only if set, because Azure cannot change it in an existing pool.
        ...(encryptionAtHost && { enableEncryptionAtHost: true }),
        ...(maxSurge !== undefined && { upgradeSettings: { maxSurge } }),
        vmSize: pool.vmSize,
        availabilityZones: pool.zones.length > 0 ? pool.zones : undefined,
        ...(pool.osDiskType && { osDiskType: OS_DISK_TYPES[pool.osDiskType] }),
        ...(pool.osDiskGb !== undefined && { osDiskSizeGB: pool.osDiskGb }),
        count: pool.minNodes,
        enableAutoScaling: scales(pool),
        ...(scales(pool) && { minCount: pool.minNodes, maxCount: pool.maxNodes }),
    };
}

function kubeconfigOf(
    cluster: ManagedCluster,
    { resourceGroupName, kubeconfigLogin = KubeconfigLogin.AzureCli }: AksClusterArgs,
    { access, serverFqdn }: ResolvedCluster,
): pulumi.Output<string> {
    const { kubeconfigs } = pulumi.output(
        aks.listManagedClusterUserCredentialsOutput({
            resourceGroupName,
            // Taken from the id, which a preview also knows.
            resourceName: cluster.id.apply((id) => id.split("/").pop() as string),
            format: "exec",
            ...(access === ApiServerAccess.Private && serverFqdn === ServerFqdn.Public && { serverFqdn }),
        }),
    );
    return kubeconfigs.apply((all) => {
        const given = Buffer.from(all[0].value, "base64").toString();
        return kubeconfigFor(kubeconfigLogin, given);
    });
}
