/** Every process of the lab, in the order in which people list them. */
export const componentNames = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "containerd",
    "kubelet",
    "kube-proxy",
    "network-policy-stand-in",
] as const;
