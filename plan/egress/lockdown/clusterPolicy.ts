/**
 * Kind of the cluster-wide policies that deny locked namespaces what no NetworkPolicy may allow. Tenants cannot change
 * them.
 */
export const ClusterPolicy = {
    /** No cluster-wide policy, only the NetworkPolicies in the locked namespaces. */
    None: "none",
    /** Calico's GlobalNetworkPolicy. Needs Calico's API server (`projectcalico.org/v3`). */
    Calico: "calico",
    /** Cilium's CiliumClusterwideNetworkPolicy. */
    Cilium: "cilium",
    /** ClusterNetworkPolicy of Kubernetes' Network Policy API (`policy.networking.k8s.io/v1alpha2`). */
    ClusterNetworkPolicy: "clusterNetworkPolicy",
} as const;
export type ClusterPolicy = (typeof ClusterPolicy)[keyof typeof ClusterPolicy];
