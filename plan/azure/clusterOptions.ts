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
    /** Nobody: refused, because policies would be accepted and do nothing. */
    None: "none",
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
