import { builtBinary } from "../build/build";
import { endpointOf, listeners, nodeName, podSubnet } from "./addresses";
import type { KubeObject } from "./kubeApi";
import { kubeconfigOf } from "./places";
import { portAnswers } from "./ports";
import type { Daemon } from "./processes";

/** What the proxy may read; an installer such as kubeadm would make this. */
export const proxyBinding: KubeObject = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "mesh-egress-lab:kube-proxy" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-proxier" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:kube-proxy" }],
};

export function kubeProxy(): Daemon {
    return {
        name: "kube-proxy",
        program: builtBinary("kube-proxy"),
        args: [
            ...["--kubeconfig", kubeconfigOf("proxy"), "--hostname-override", nodeName],
            ...["--proxy-mode", "iptables", "--cluster-cidr", podSubnet],
            ...["--healthz-bind-address", endpointOf(listeners.proxyHealth)],
            ...["--metrics-bind-address", endpointOf(listeners.proxyMetrics)],
            // These settings are for the whole machine, so the lab does not change them.
            ...["--conntrack-max-per-core", "0", "--conntrack-tcp-timeout-established", "0"],
            ...["--conntrack-tcp-timeout-close-wait", "0", "--iptables-localhost-nodeports=false"],
        ],
        ready: () => portAnswers(listeners.proxyMetrics),
    };
}
