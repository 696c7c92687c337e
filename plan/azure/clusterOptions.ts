import { ManagedPrometheus } from "./managedPrometheus";

/** Networks that can reach the API server. */
export const ApiServerAccess = {
    /** Only from the virtual network and networks that are connected with it. */
    Private: "private",
    /** Also from the ranges in `authorizedIpRanges`. */
    AuthorizedRanges: "authorizedRanges",
    /** From everywhere; Entra ID decides who may do what. For development. */
    Open: "open",
} as const;
export type ApiServerAccess = (typeof ApiServerAccess)[keyof typeof ApiServerAccess];

/** Engine that AKS installs to enforce NetworkPolicies. */
export const AksPolicyEngine = {
    /** Cilium, with its own data plane. */
    Cilium: "cilium",
    /** Calico, on Azure's data plane. */
    Calico: "calico",
} as const;
export type AksPolicyEngine = (typeof AksPolicyEngine)[keyof typeof AksPolicyEngine];

/** How a program that uses the kubeconfig authenticates with Entra ID. Each way needs `kubelogin` on `PATH`. */
export const KubeconfigLogin = {
    /** Uses the account that ran `az login`. */
    AzureCli: "azureCli",
    /**
     * Uses a federated token, for example in a pipeline: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE.
     */
    WorkloadIdentity: "workloadIdentity",
    /** Uses a service principal's secret or certificate: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET. */
    ServicePrincipal: "servicePrincipal",
} as const;
export type KubeconfigLogin = (typeof KubeconfigLogin)[keyof typeof KubeconfigLogin];

/** Automatic upgrades of Kubernetes by AKS. Minor versions are upgraded only by the stack. */
export const ClusterUpgradeChannel = {
    /** No automatic upgrades. */
    None: "none",
    /** Upgrades to the newest patch of the minor version. */
    Patch: "patch",
} as const;
export type ClusterUpgradeChannel = (typeof ClusterUpgradeChannel)[keyof typeof ClusterUpgradeChannel];

/** Automatic upgrades of the nodes' operating system by AKS. */
export const NodeOsUpgradeChannel = {
    /** No automatic upgrades. */
    None: "None",
    /** Installs security patches, most of them without a restart. */
    SecurityPatch: "SecurityPatch",
    /** Replaces the node image weekly. */
    NodeImage: "NodeImage",
} as const;
export type NodeOsUpgradeChannel = (typeof NodeOsUpgradeChannel)[keyof typeof NodeOsUpgradeChannel];

/** Price tier of the cluster, with Azure's uptime guarantee. */
export const ClusterTier = {
    /** No uptime guarantee. For development. */
    Free: "Free",
    /** With Azure's guarantee for the API server's uptime. */
    Standard: "Standard",
} as const;
export type ClusterTier = (typeof ClusterTier)[keyof typeof ClusterTier];

/**
 * Kind of host name with which a kubeconfig reaches a private API server. Both kinds resolve to its private address.
 */
export const ServerFqdn = {
    /** A name in public DNS, which every machine in a connected network can resolve. */
    Public: "public",
    /**
     * A name in the cluster's private DNS zone, which must be linked with the network of the machine that runs updates.
     */
    Private: "private",
} as const;
export type ServerFqdn = (typeof ServerFqdn)[keyof typeof ServerFqdn];

/** Where the system disk of a node is. */
export const OsDiskType = {
    /** On the host: faster, at no cost, and new after each repair of the node. */
    Ephemeral: "ephemeral",
    /** In Azure Storage. */
    Managed: "managed",
} as const;
export type OsDiskType = (typeof OsDiskType)[keyof typeof OsDiskType];

/** Which pool the cluster autoscaler lets grow. */
export const AutoscalerExpander = {
    /** The one with the least idle CPU afterwards. */
    LeastWaste: "least-waste",
    /** The one that can run most of the waiting pods. */
    MostPods: "most-pods",
    /** The one of the highest priority in the ConfigMap `cluster-autoscaler-priority-expander`. */
    Priority: "priority",
    /** Any. */
    Random: "random",
} as const;
export type AutoscalerExpander = (typeof AutoscalerExpander)[keyof typeof AutoscalerExpander];

/** A group of nodes with the same size and zones. */
export interface NodePool {
    /**
     * Size of the virtual machines.
     *
     * @example "Standard_D4ds_v5"
     */
    vmSize: string;
    /** Minimum number of nodes. */
    minNodes: number;
    /** Maximum number of nodes. Default: `minNodes`. */
    maxNodes?: number;
    /**
     * Availability zones; an empty list in a region without. Default: 1, 2, 3.
     *
     * @example ["1", "2", "3"]
     */
    zones?: string[];
    /** Where the system disk is. Cannot be changed later. Default: `Ephemeral` where the size has room for it. */
    osDiskType?: OsDiskType;
    /** Size of the system disk in GiB. Cannot be changed later. Default: what AKS takes for the size of the machines. */
    osDiskGb?: number;
}

/** What the cluster autoscaler does with all pools. What is left out is AKS's default. */
export interface AutoscalerOptions {
    /** Which pool grows. */
    expander?: AutoscalerExpander;
    /** Whether pools of one size are kept at one number of nodes. */
    balanceSimilarNodeGroups?: boolean;
    /** Whether nodes with pods of `kube-system` stay. */
    skipNodesWithSystemPods?: boolean;
    /** Minutes that a node must have been unneeded before it goes: 1 to 1440. */
    scaleDownUnneededMinutes?: number;
    /** Seconds that pods have to end before their node goes: 0 to 3600. */
    maxGracefulTerminationSeconds?: number;
}

/** A key of yours that encrypts the Secrets in etcd. */
export interface EtcdKey {
    /** Id of the key, with its version. @example "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef" */
    keyId: string;
    /**
     * Id of its key vault, which must use role-based access. The cluster's identity gets the roles that it needs there.
     *
     * @example "/subscriptions/.../resourceGroups/keys/providers/Microsoft.KeyVault/vaults/contoso"
     */
    keyVaultId: string;
    /** Whether the vault has no public access. Default: false. */
    privateVault?: boolean;
}

/** A pool of nodes for workloads. */
export interface UserNodePool extends NodePool {
    /**
     * Name of the pool: 1 to 12 lower-case letters and digits.
     *
     * @example "payments"
     */
    name: string;
}

/** The pool of the egress gateway. */
export interface EgressNodePool extends NodePool {
    /**
     * Name of the pool: 1 to 12 lower-case letters and digits. A new name creates a new pool, which is ready before the
     * old one is drained and removed. Use it to change size or zones. Default: `egress`.
     *
     * @example "egress2"
     */
    name?: string;
}

/** A weekly window for AKS's automatic upgrades. */
export interface MaintenanceWindow {
    /**
     * Day of the week, in English. Default: `Sunday`.
     *
     * @example "Sunday"
     */
    day?: string;
    /**
     * Start time, in hours and minutes. Default: `02:00`.
     *
     * @example "02:00"
     */
    startTime?: string;
    /** Length in hours, at least 4. Default: 4. */
    durationHours?: number;
    /**
     * Time zone, as an offset from UTC. Default: `+00:00`.
     *
     * @example "+01:00"
     */
    utcOffset?: string;
}

/**
 * The managed Istio add-on, whose egress gateway leaves through the nodes of the egress pool. Routes with a credential for each
 * caller rely on `gatewayTopology`, which Microsoft lists as allowed in the add-on's MeshConfig; not tested on AKS.
 */
export interface MeshAddonOptions {
    /**
     * Revision of the add-on.
     *
     * @example "asm-1-30"
     */
    revision: string;
    /** Name of the egress gateway, the same as that of the `EgressGateway`. Default: `egress-gateway`. */
    gatewayName?: string;
    /**
     * Namespace of the egress gateway, the same as that of the `EgressGateway`. Default: `aks-istio-egress`, which AKS
     * creates.
     */
    gatewayNamespace?: string;
    /** Length of the public prefix that the gateway leaves from: that of the `EgressNetwork`. Default: 30. */
    egressPrefixLength?: number;
}

/** Options of a cluster that do not depend on its network. */
export interface AksClusterOptions {
    /**
     * Kubernetes version of the cluster and its pools: a minor version, or one with a patch to pin it.
     *
     * @example "1.36"
     */
    kubernetesVersion: string;
    /**
     * Nodes for AKS's own workloads.
     *
     * @example { vmSize: "Standard_D4ds_v5", minNodes: 2 }
     */
    systemPool: NodePool;
    /**
     * Pools for workloads. Default: none; workloads run in the system pool.
     *
     * @example [{ name: "payments", vmSize: "Standard_D4ds_v5", minNodes: 3 }]
     */
    userPools?: UserNodePool[];
    /**
     * Nodes for the egress gateway only, in at least two zones. They get a label and a taint.
     *
     * @example { vmSize: "Standard_D4ds_v5", minNodes: 2, maxNodes: 4 }
     */
    egressPool: EgressNodePool;
    /** Engine that enforces NetworkPolicies. Default: `cilium`. */
    networkPolicy?: AksPolicyEngine;
    /**
     * Address range of pods, in CIDR notation. It is not visible outside the cluster. Default: `10.244.0.0/16`.
     *
     * @example "10.244.0.0/16"
     */
    podRange?: string;
    /**
     * Address range of services, in CIDR notation, from /12 to /27. Default: `10.0.0.0/16`.
     *
     * @example "10.0.0.0/16"
     */
    serviceRange?: string;
    /** Networks that can reach the API server. Default: `private`. */
    access?: ApiServerAccess;
    /**
     * Public IPv4 ranges that can reach the API server, with `access: "authorizedRanges"`. Default: none.
     *
     * @example ["203.0.113.7/32"]
     */
    authorizedIpRanges?: string[];
    /**
     * Entra ID object ids of more users, groups or service principals that administer the cluster. Default: none.
     *
     * @example ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]
     */
    clusterAdmins?: string[];
    /**
     * Kind of host name with which the kubeconfig reaches a private API server. Default: `public`, or `private` with
     * `privateDnsZoneId`.
     */
    serverFqdn?: ServerFqdn;
    /**
     * Id of an existing private DNS zone for the name of the private API server. Default: AKS creates one.
     *
     * @example "/subscriptions/<id>/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
     */
    privateDnsZoneId?: string;
    /**
     * Whether this update may replace the cluster, with everything in it. Default: false; a change that would replace
     * it is refused.
     */
    replaceCluster?: boolean;
    /**
     * Whether this update may replace user pools and the egress pool, each with all of its nodes at once. Default:
     * false; a change that would replace one is refused.
     */
    replacePools?: boolean;
    /**
     * Whether this update changes the system pool: its number of nodes and its version. In Azure's API, the system pool
     * is part of a list of all pools, so other updates leave it unchanged. Default: false, with a warning if it
     * differs.
     */
    changeSystemPool?: boolean;
    /**
     * Whether to install the Azure Policy add-on, which enforces the subscription's policies in the cluster. Default:
     * true.
     */
    azurePolicy?: boolean;
    /** Whether to turn on Microsoft Defender for Containers, which is billed per vCPU. Default: false. */
    defender?: boolean;
    /**
     * A key of yours that encrypts the Secrets in etcd, among them the keys of client certificates. Without the key nobody can
     * read them again, so keep it. Default: none, Azure encrypts its disks with keys of its own.
     *
     * @example { keyId: "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef", keyVaultId: "/subscriptions/.../providers/Microsoft.KeyVault/vaults/contoso" }
     */
    etcdKey?: EtcdKey;
    /**
     * What the cluster autoscaler does with all pools. Default: AKS's defaults.
     *
     * @example { expander: "least-waste", scaleDownUnneededMinutes: 20 }
     */
    autoscaler?: AutoscalerOptions;
    /**
     * Azure's managed Prometheus, which is billed per sample. `{}` creates a workspace for the metrics. Default: none.
     *
     * @example { workspaceId: "/subscriptions/<id>/resourceGroups/monitoring/providers/Microsoft.Monitor/accounts/company" }
     */
    managedPrometheus?: ManagedPrometheus;
    /** Hours after which AKS removes unused images with vulnerabilities from the nodes: 24 to 2160. Default: 168. */
    imageCleanerHours?: number;
    /** Percentage or number of a pool's nodes that an upgrade adds at once. Default: `10%`. @example "33%" */
    maxSurge?: string;
    /**
     * Whether hosts encrypt the nodes' disks. The subscription must have the feature EncryptionAtHost. Default: false.
     */
    encryptionAtHost?: boolean;
    /** Whether the cluster has local accounts in addition to those of Entra ID. Default: false. */
    localAccounts?: boolean;
    /** How programs that use the kubeconfig authenticate. Default: `azureCli`. */
    kubeconfigLogin?: KubeconfigLogin;
    /**
     * Automatic upgrades of Kubernetes by AKS. `patch` needs a `kubernetesVersion` without a patch. Default: `patch`
     * with such a version, else `none`.
     */
    upgradeChannel?: ClusterUpgradeChannel;
    /**
     * Automatic upgrades of the nodes' operating system by AKS. Default: `NodeImage`, which patches the whole image
     * each week.
     */
    nodeOsUpgradeChannel?: NodeOsUpgradeChannel;
    /**
     * Time of AKS's automatic upgrades. Default: Sunday from 02:00 to 06:00 UTC.
     *
     * @example { day: "Saturday", startTime: "22:00", utcOffset: "+01:00" }
     */
    maintenance?: MaintenanceWindow;
    /** Price tier of the cluster, with Azure's uptime guarantee. Default: `Standard`. */
    tier?: ClusterTier;
    /** Number of days to keep logs. Default: 30. */
    logRetentionDays?: number;
    /** Gigabytes of logs per day, after which Azure drops logs until the next day. Default: 5. */
    logDailyCapGb?: number;
    /**
     * Namespaces whose container logs are not collected. Default: the namespaces of Istio, its gateways and AKS,
     * because a proxy logs every call.
     *
     * @example ["kube-system", "gatekeeper-system"]
     */
    logExcludedNamespaces?: string[];
    /**
     * Ids of the Azure container registries that the nodes pull from. The nodes' identity gets the role AcrPull on each
     * registry, and the firewall allows both hosts of each. Default: none.
     *
     * @example ["/subscriptions/<id>/resourceGroups/images/providers/Microsoft.ContainerRegistry/registries/images"]
     */
    registryIds?: string[];
}

/** What applies where an option is left out. */
export const CLUSTER_DEFAULTS = {
    networkPolicy: AksPolicyEngine.Cilium,
    podRange: "10.244.0.0/16",
    serviceRange: "10.0.0.0/16",
    access: ApiServerAccess.Private,
    azurePolicy: true,
    imageCleanerHours: 168,
    maxSurge: "10%",
    logRetentionDays: 30,
    logDailyCapGb: 5,
} as const satisfies Partial<AksClusterOptions>;

/** The same of the maintenance window. */
export const MAINTENANCE_DEFAULTS = {
    day: "Sunday",
    startTime: "02:00",
    durationHours: 4,
    utcOffset: "+00:00",
} as const satisfies MaintenanceWindow;
