/** Namespaces that run the cluster. */
export const CLUSTER_NAMESPACES = ["kube-system", "kube-public", "kube-node-lease"];
