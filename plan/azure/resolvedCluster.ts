import {
    AksClusterOptions,
    ApiServerAccess,
    AutoscalerOptions,
    ClusterUpgradeChannel,
    EtcdKey,
    MeshAddonOptions,
    NetworkPolicyEngine,
    ServerFqdn,
} from "./clusterOptions";
import { pinsPatch } from "./kubernetesVersion";
import { MaintenanceOptions, resolvedMaintenance } from "./maintenance";
import { NodePoolOptions, resolvedPool } from "./nodePool";
import { ADDON_GATEWAY_NAMESPACE, ADDON_PREFIX_LENGTH, AddonOptions } from "../mesh/meshAddon";

export interface ResolvedCluster {
    kubernetesVersion: string;
    systemPool: NodePoolOptions;
    userPools: NodePoolOptions[];
    egressPool: NodePoolOptions;
    networkPolicy: NetworkPolicyEngine;
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
    "istio-system",
    "istio-egress",
    "aks-istio-system",
    "aks-istio-egress",
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
        networkPolicy: options.networkPolicy ?? NetworkPolicyEngine.Cilium,
        podRange: options.podRange ?? "10.244.0.0/16",
        serviceRange: options.serviceRange ?? "10.0.0.0/16",
        access: options.access ?? ApiServerAccess.Private,
        authorizedIpRanges: options.authorizedIpRanges ?? [],
        clusterAdmins: [...new Set((options.clusterAdmins ?? []).map((id) => id.toLowerCase()))],
        serverFqdn: options.serverFqdn ?? (options.privateDnsZoneId ? ServerFqdn.Private : ServerFqdn.Public),
        privateDnsZoneId: options.privateDnsZoneId,
        azurePolicy: options.azurePolicy ?? true,
        defender: options.defender ?? false,
        imageCleanerHours: options.imageCleanerHours ?? 168,
        etcdKey: options.etcdKey,
        autoscaler: options.autoscaler,
        maxSurge: options.maxSurge ?? "10%",
        upgradeChannel: options.upgradeChannel ?? ownChannel,
        maintenance: resolvedMaintenance(options.maintenance),
        logRetentionDays: options.logRetentionDays ?? 30,
        logDailyCapGb: options.logDailyCapGb ?? 5,
        logExcludedNamespaces: options.logExcludedNamespaces ?? UNLOGGED_NAMESPACES,
        registryIds: options.registryIds ?? [],
        routed,
        addon: addon && resolvedAddon(addon),
    };
}

function resolvedAddon(addon: MeshAddonOptions): AddonOptions {
    return {
        revision: addon.revision,
        gatewayName: addon.gatewayName ?? "egress-gateway",
        gatewayNamespace: addon.gatewayNamespace ?? ADDON_GATEWAY_NAMESPACE,
        egressPrefixLength: addon.egressPrefixLength ?? ADDON_PREFIX_LENGTH,
    };
}
