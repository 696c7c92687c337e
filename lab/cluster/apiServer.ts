import { builtBinary } from "../build/build";
import { etcdUrl, listeners, nodeAddress, serviceSubnet } from "./addresses";
import { files } from "./credentials";
import { answers } from "./kubeApi";
import { tokenFile } from "./places";
import type { Daemon } from "./processes";

export function apiServer(): Daemon {
    return {
        name: "kube-apiserver",
        program: builtBinary("kube-apiserver"),
        args: [
            ...["--etcd-servers", etcdUrl, "--service-cluster-ip-range", serviceSubnet],
            ...["--bind-address", nodeAddress, "--secure-port", `${listeners.apiServer.port}`],
            ...["--advertise-address", nodeAddress],
            ...["--tls-cert-file", files.serving, "--tls-private-key-file", files.servingKey],
            ...["--token-auth-file", tokenFile, "--authorization-mode", "Node,RBAC"],
            ...["--service-account-issuer", "https://kubernetes.default.svc.cluster.local"],
            ...["--service-account-signing-key-file", files.serviceAccountKey],
            ...["--service-account-key-file", files.serviceAccountKey],
            ...["--kubelet-client-certificate", files.kubeletClient, "--kubelet-client-key", files.kubeletClientKey],
            // The machine's host name need not resolve.
            ...["--kubelet-preferred-address-types", "InternalIP"],
            ...["--enable-admission-plugins", "NodeRestriction"],
            // Istio's init containers change the pod's own iptables.
            "--allow-privileged",
            "--profiling=false",
        ],
        ready: () => answers("/readyz"),
    };
}
