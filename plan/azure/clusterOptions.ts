/** Who reaches the API server. */
export const ApiServerAccess = {
    /** Only the virtual network and what is connected with it. */
    Private: "private",
    /** Also the ranges of `authorizedIpRanges`. */
    AuthorizedRanges: "authorizedRanges",
    /** Everyone, and Entra ID decides who may do what: for development. */
    Open: "open",
} as const;
export type ApiServerAccess = (typeof ApiServerAccess)[keyof typeof ApiServerAccess];

/** What enforces network policies. */
export const NetworkPolicyEngine = {
    /** Cilium, with its own data plane. */
    Cilium: "cilium",
    /** Calico, on Azure's data plane. */
    Calico: "calico",
} as const;
export type NetworkPolicyEngine = (typeof NetworkPolicyEngine)[keyof typeof NetworkPolicyEngine];

/** How the program that uses the kubeconfig proves to Entra ID who it is; each needs `kubelogin` on `PATH`. */
export const KubeconfigLogin = {
    /** As whom `az login` was done. */
    AzureCli: "azureCli",
    /** With a federated token, as pipelines have it: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE. */
    WorkloadIdentity: "workloadIdentity",
    /** With a service principal's secret or certificate: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET. */
    ServicePrincipal: "servicePrincipal",
} as const;
export type KubeconfigLogin = (typeof KubeconfigLogin)[keyof typeof KubeconfigLogin];

/** What AKS upgrades of Kubernetes by itself. Minor versions are this stack's business. */
export const ClusterUpgradeChannel = {
    /** Nothing. */
    None: "none",
    /** The newest patch of the minor version. */
    Patch: "patch",
} as const;
export type ClusterUpgradeChannel = (typeof ClusterUpgradeChannel)[keyof typeof ClusterUpgradeChannel];

/** What AKS upgrades of the nodes' operating system by itself. */
export const NodeOsUpgradeChannel = {
    /** Nothing. */
    None: "None",
    /** Security patches, most of them without a restart. */
    SecurityPatch: "SecurityPatch",
    /** The weekly image. */
    NodeImage: "NodeImage",
} as const;
export type NodeOsUpgradeChannel = (typeof NodeOsUpgradeChannel)[keyof typeof NodeOsUpgradeChannel];

/** What the cluster costs and what Azure guarantees. */
export const ClusterTier = {
    /** No guarantee: for development. */
    Free: "Free",
    /** Azure's guarantee of the API server's uptime. */
    Standard: "Standard",
} as const;
export type ClusterTier = (typeof ClusterTier)[keyof typeof ClusterTier];

/** The name by which a kubeconfig reaches a private API server. Both names lead to its private address. */
export const ServerFqdn = {
    /** One in public DNS, which every machine of a connected network resolves. */
    Public: "public",
    /** One in the private DNS zone of the cluster, which must be linked with the network of who deploys. */
    Private: "private",
} as const;
export type ServerFqdn = (typeof ServerFqdn)[keyof typeof ServerFqdn];

/** Nodes of one kind. */
export interface NodePool {
    /** Size of the virtual machines, for example `Standard_D4ds_v5`. */
    vmSize: string;
    /** Least number of nodes. */
    minNodes: number;
    /** Largest number of nodes. Default: `minNodes`. */
    maxNodes?: number;
    /** Availability zones; an empty list in a region without. Default: 1, 2, 3. */
    zones?: string[];
}

/** A pool of nodes for workloads. */
export interface UserNodePool extends NodePool {
    /** Name of the pool: 1 to 12 lower-case letters and digits. */
    name: string;
}

/** The pool of the egress gateway. */
export interface EgressNodePool extends NodePool {
    /**
     * Name of the pool: 1 to 12 lower-case letters and digits. Under another name a new pool is ready before the old one is
     * drained and removed: the way to another size or other zones. Default: `egress`.
     */
    name?: string;
}

/** A weekly window for what AKS upgrades by itself. */
export interface MaintenanceWindow {
    /** Day of the week, in English. Default: `Sunday`. */
    day?: string;
    /** Hours and minutes at which it begins. Default: `02:00`. */
    startTime?: string;
    /** Its length, at least 4. Default: 4. */
    durationHours?: number;
    /** Time zone. Default: `+00:00`. */
    utcOffset?: string;
}

/**
 * The managed Istio add-on, whose egress gateway leaves through the nodes of the egress pool. Routes with a credential for each
 * caller rely on `gatewayTopology`, which Microsoft lists as allowed in the add-on's MeshConfig; not tested on AKS.
 */
export interface MeshAddonOptions {
    /** Revision, for example `asm-1-30`. */
    revision: string;
    /** Name of the egress gateway: that of the `EgressGateway`. Default: `egress-gateway`. */
    gatewayName?: string;
    /** Namespace of the egress gateway: that of the `EgressGateway`. Default: `aks-istio-egress`, which AKS creates. */
    gatewayNamespace?: string;
    /** Length of the public prefix that the gateway leaves from: that of the `EgressNetwork`. Default: 30. */
    egressPrefixLength?: number;
}

/** A cluster, without what only its network knows. */
export interface AksClusterOptions {
    /** Version of cluster and pools, which move together: `1.36`, or `1.36.2` to pin the patch. */
    kubernetesVersion: string;
    /** Nodes for AKS's own workloads. */
    systemPool: NodePool;
    /** Pools for workloads. Default: none, workloads go to the system pool. */
    userPools?: UserNodePool[];
    /** Nodes for the egress gateway alone: tainted, labelled, in at least two zones. */
    egressPool: EgressNodePool;
    /** What enforces network policies. Default: `Cilium`. */
    networkPolicy?: NetworkPolicyEngine;
    /** Addresses of pods, which nobody outside of the cluster sees. Default: `10.244.0.0/16`. */
    podRange?: string;
    /** Addresses of services. Default: `10.0.0.0/16`. */
    serviceRange?: string;
    /** Who reaches the API server. Default: `Private`. */
    access?: ApiServerAccess;
    /** Ranges that reach the API server, with `AuthorizedRanges`. Default: none. */
    authorizedIpRanges?: string[];
    /** Entra ID object ids of further users, groups or service principals that administer the cluster. Default: none. */
    clusterAdmins?: string[];
    /** Name by which the kubeconfig reaches a private API server. Default: `Public`, or `Private` with `privateDnsZoneId`. */
    serverFqdn?: ServerFqdn;
    /** Id of a private DNS zone that exists already for the name of the private API server. Default: AKS makes one. */
    privateDnsZoneId?: string;
    /**
     * Whether this update may replace the cluster, with everything in it. Default: false, and a change that would do so is
     * refused.
     */
    replaceCluster?: boolean;
    /**
     * Whether this update may replace user pools and the egress pool, each with all of its nodes at once. Default: false, and
     * a change that would do so is refused.
     */
    replacePools?: boolean;
    /**
     * Whether this update changes the system pool: its number of nodes and its version. Azure lists all pools next to it, so
     * other updates leave it as it is. Default: false, with a warning where it differs.
     */
    changeSystemPool?: boolean;
    /** The Azure Policy add-on, which enforces the policies of the subscription in the cluster. Default: true. */
    azurePolicy?: boolean;
    /** Microsoft Defender for Containers, which is billed by vCPU. Default: false. */
    defender?: boolean;
    /** Hours after which AKS removes unused images with vulnerabilities from the nodes: 24 to 2160. Default: 168. */
    imageCleanerHours?: number;
    /** Part or number of a pool's nodes that an upgrade adds at once. Default: `10%`. @example "33%" */
    maxSurge?: string;
    /** Whether hosts encrypt what nodes store; the subscription must have the feature EncryptionAtHost. Default: false. */
    encryptionAtHost?: boolean;
    /** Whether there are accounts beside those of Entra ID. Default: false. */
    localAccounts?: boolean;
    /** How the kubeconfig logs in. Default: `AzureCli`. */
    kubeconfigLogin?: KubeconfigLogin;
    /** What AKS upgrades of Kubernetes by itself; `Patch` needs a minor version. Default: `Patch` with one, else `None`. */
    upgradeChannel?: ClusterUpgradeChannel;
    /** What AKS upgrades of the nodes' operating system by itself. Default: `NodeImage`, which patches the whole image each week. */
    nodeOsUpgradeChannel?: NodeOsUpgradeChannel;
    /** When AKS upgrades. Default: Sunday from 02:00 to 06:00 UTC. */
    maintenance?: MaintenanceWindow;
    /** What the cluster costs and what Azure guarantees. Default: `Standard`. */
    tier?: ClusterTier;
    /** Days to keep logs. Default: 30. */
    logRetentionDays?: number;
    /** Gigabytes of logs a day after which Azure takes no more until the next day. Default: 5. */
    logDailyCapGb?: number;
    /**
     * Namespaces whose container logs are not collected. Default: those of Istio, of its gateways and of AKS, because a
     * proxy writes a line for every call.
     */
    logExcludedNamespaces?: string[];
    /**
     * Ids of the Azure container registries that the nodes pull from. The nodes' identity gets the role AcrPull on each,
     * and a firewall lets both hosts of each through. Default: none.
     */
    registryIds?: string[];
}
