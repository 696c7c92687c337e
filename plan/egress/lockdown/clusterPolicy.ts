/** Cluster-wide policies that deny locked namespaces what no NetworkPolicy may allow them. Tenants have no rights on them. */
export const ClusterPolicy = {
    /** None: the NetworkPolicies of the locked namespaces are all there is. */
    None: "none",
    /** Calico's GlobalNetworkPolicy; needs Calico's API server (`projectcalico.org/v3`). */
    Calico: "calico",
    /** Cilium's CiliumClusterwideNetworkPolicy. */
    Cilium: "cilium",
    /** ClusterNetworkPolicy of Kubernetes' Network Policy API (`policy.networking.k8s.io/v1alpha2`). */
    ClusterNetworkPolicy: "clusterNetworkPolicy",
} as const;
export type ClusterPolicy = (typeof ClusterPolicy)[keyof typeof ClusterPolicy];
