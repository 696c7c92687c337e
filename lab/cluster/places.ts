import { join } from "node:path";

/** What lives as long as the machine runs: process records, sockets, what to put back. */
export const runFolder = "/run/mesh-egress-lab";
/** What a lab keeps on disk: etcd, kubelet, images, logs, kubeconfigs. */
export const stateFolder = "/var/lib/mesh-egress-lab";
export const lockFile = "/run/mesh-egress-lab.lock";

export const logFolder = join(stateFolder, "log");
export const podLogFolder = join(logFolder, "pods");
export const certificateFolder = join(stateFolder, "certificates");
export const etcdFolder = join(stateFolder, "etcd");
export const kubeletFolder = join(stateFolder, "kubelet");
export const cniFolder = join(stateFolder, "cni");
export const imageStore = join(stateFolder, "containerd");
export const tokenFile = join(stateFolder, "tokens.csv");
export const containerdSocket = join(runFolder, "containerd.sock");

export const kubeconfigOf = (user: string): string => join(stateFolder, `${user}.kubeconfig`);
export const adminKubeconfig = kubeconfigOf("admin");

/**
 * Every path that `down` removes; the image store, costly to fill, stays unless asked for. The administrator's
 * kubeconfig goes first: where it is, `up` takes all credentials to be there.
 */
export const disposable = [
    ...["admin", "controller-manager", "scheduler", "node", "proxy"].map(kubeconfigOf),
    ...[podLogFolder, certificateFolder, etcdFolder, kubeletFolder, cniFolder, tokenFile],
];
