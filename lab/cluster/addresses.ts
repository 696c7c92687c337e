/** The interface that holds the node's address: the lab listens there and on loopback, nowhere else. */
export const nodeInterface = "mesheg0";
export const podBridge = "mesheg-br";
export const networkName = "mesheg";
export const nodeName = "lab";

/** Ranges that Docker (172.17), Podman (10.88), kubeadm (10.96, 10.244) and home routers do not use. */
export const nodeAddress = "10.213.0.1";
export const nodeSubnet = "10.213.0.0/24";
export const podSubnet = "10.214.0.0/16";
export const serviceSubnet = "10.215.0.0/16";
export const kubernetesService = "10.215.0.1";
export const dnsService = "10.215.0.10";

export interface Listener {
    address: string;
    port: number;
    /** The component that listens. */
    process: string;
}

const loopback = "127.0.0.1";

/** Every port of the machine that the lab listens on. etcd's ports are not the usual ones, so that Debian's etcd can run at the same time. */
export const listeners = {
    etcd: { address: loopback, port: 12379, process: "etcd" },
    etcdPeer: { address: loopback, port: 12380, process: "etcd" },
    apiServer: { address: nodeAddress, port: 6443, process: "kube-apiserver" },
    controllerManager: { address: loopback, port: 10257, process: "kube-controller-manager" },
    scheduler: { address: loopback, port: 10259, process: "kube-scheduler" },
    kubelet: { address: nodeAddress, port: 10250, process: "kubelet" },
    kubeletHealth: { address: loopback, port: 10248, process: "kubelet" },
    proxyHealth: { address: loopback, port: 10256, process: "kube-proxy" },
    proxyMetrics: { address: loopback, port: 10249, process: "kube-proxy" },
} satisfies Record<string, Listener>;

export const endpointOf = ({ address, port }: Listener): string => `${address}:${port}`;

export const etcdUrl = `http://${endpointOf(listeners.etcd)}`;
export const apiServerUrl = `https://${endpointOf(listeners.apiServer)}`;

function toNumber(address: string): number {
    return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether two IPv4 ranges in CIDR form share an address. */
export function overlaps(a: string, b: string): boolean {
    const [first, second] = [a, b].map((range) => {
        const [address, length = "32"] = range.split("/");
        const size = 2 ** (32 - Number(length));
        const start = Math.floor(toNumber(address) / size) * size;
        return { start, end: start + size };
    });
    return first.start < second.end && second.start < first.end;
}
