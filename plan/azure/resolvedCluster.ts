import {
    AksClusterOptions,
    CLUSTER_DEFAULTS,
    ApiServerAccess,
    AutoscalerOptions,
    ClusterUpgradeChannel,
    EtcdKey,
    MeshAddonOptions,
    AksPolicyEngine,
    ServerFqdn,
} from "./clusterOptions";
import { pinsPatch } from "./kubernetesVersion";
import { ManagedPrometheus } from "./managedPrometheus";
import { MaintenanceOptions, resolvedMaintenance } from "./maintenance";
import { NodePoolOptions, resolvedPool } from "./nodePool";
import { ADDON_GATEWAY_NAMESPACE, ADDON_NAMESPACE, ADDON_PREFIX_LENGTH, AddonOptions } from "../mesh/meshAddon";
import { GATEWAY_DEFAULTS } from "../mesh/gatewayOptions";
import { MESH_DEFAULTS } from "../mesh/meshOptions";

export interface ResolvedCluster {
    kubernetesVersion: string;
    systemPool: NodePoolOptions;
    userPools: NodePoolOptions[];
    egressPool: NodePoolOptions;
    networkPolicy: AksPolicyEngine;
    podRange: string;
    serviceRange: string;
    access: ApiServerAccess;
    authorizedIpRanges: string[];
    /** Object ids in lower case, without duplicates. */
    clusterAdmins: string[];
    serverFqdn: ServerFqdn;
    privateDnsZoneId?: string;
    azurePolicy: boolean;
    defender: boolean;
    managedPrometheus?: ManagedPrometheus;
    imageCleanerHours: number;
    etcdKey?: EtcdKey;
    autoscaler?: AutoscalerOptions;
    maxSurge: string;
    upgradeChannel: ClusterUpgradeChannel;
    maintenance: MaintenanceOptions;
    logRetentionDays: number;
    logDailyCapGb: number;
    logExcludedNamespaces: string[];
    registryIds: string[];
    /** Whether routes send the nodes' outbound traffic to a firewall. */
    routed: boolean;
    addon?: AddonOptions;
}

/** Namespaces with logs of the mesh's proxies and of AKS's own workloads. */
const UNLOGGED_NAMESPACES = [
    "kube-system",
    "gatekeeper-system",
    MESH_DEFAULTS.namespace,
    GATEWAY_DEFAULTS.namespace,
    ADDON_NAMESPACE,
    ADDON_GATEWAY_NAMESPACE,
];

/** Settings of a cluster that follow from the network and the mesh. */
export interface ClusterContext {
    /** Whether routes send the nodes' outbound traffic to a firewall. */
    routed: boolean;
    addon?: MeshAddonOptions;
}

/** The options of a cluster with their defaults. */
export function resolvedCluster(options: AksClusterOptions, { routed, addon }: ClusterContext): ResolvedCluster {
    const ownChannel = pinsPatch(options.kubernetesVersion) ? ClusterUpgradeChannel.None : ClusterUpgradeChannel.Patch;
    return {
        kubernetesVersion: options.kubernetesVersion,
        systemPool: resolvedPool("system", options.systemPool),
        userPools: (options.userPools ?? []).map((pool) => resolvedPool(pool.name, pool)),
        egressPool: resolvedPool(options.egressPool.name ?? "egress", options.egressPool),
        networkPolicy: options.networkPolicy ?? CLUSTER_DEFAULTS.networkPolicy,
        podRange: options.podRange ?? CLUSTER_DEFAULTS.podRange,
        serviceRange: options.serviceRange ?? CLUSTER_DEFAULTS.serviceRange,
        access: options.access ?? CLUSTER_DEFAULTS.access,
        authorizedIpRanges: options.authorizedIpRanges ?? [],
        clusterAdmins: [...new Set((options.clusterAdmins ?? []).map((id) => id.toLowerCase()))],
        serverFqdn: options.serverFqdn ?? (options.privateDnsZoneId ? ServerFqdn.Private : ServerFqdn.Public),
        privateDnsZoneId: options.privateDnsZoneId,
        azurePolicy: options.azurePolicy ?? CLUSTER_DEFAULTS.azurePolicy,
        defender: options.defender ?? false,
        managedPrometheus: options.managedPrometheus,
        imageCleanerHours: options.imageCleanerHours ?? CLUSTER_DEFAULTS.imageCleanerHours,
        etcdKey: options.etcdKey,
        autoscaler: options.autoscaler,
        maxSurge: options.maxSurge ?? CLUSTER_DEFAULTS.maxSurge,
        upgradeChannel: options.upgradeChannel ?? ownChannel,
        maintenance: resolvedMaintenance(options.maintenance),
        logRetentionDays: options.logRetentionDays ?? CLUSTER_DEFAULTS.logRetentionDays,
        logDailyCapGb: options.logDailyCapGb ?? CLUSTER_DEFAULTS.logDailyCapGb,
        logExcludedNamespaces: options.logExcludedNamespaces ?? UNLOGGED_NAMESPACES,
        registryIds: options.registryIds ?? [],
        routed,
        addon: addon && resolvedAddon(addon),
    };
}

function resolvedAddon(addon: MeshAddonOptions): AddonOptions {
    return {
        revision: addon.revision,
        gatewayName: addon.gatewayName ?? GATEWAY_DEFAULTS.gatewayName,
        gatewayNamespace: addon.gatewayNamespace ?? ADDON_GATEWAY_NAMESPACE,
        egressPrefixLength: addon.egressPrefixLength ?? ADDON_PREFIX_LENGTH,
    };
}
