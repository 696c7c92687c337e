import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";

const PORT = 5353;

/** A DNS server's own zones, as CoreDNS' plugins write them: a zone for each name. */
export type Zones = Record<string, string[]>;

/**
 * CoreDNS in a pod, of the image that the cluster's own has: what a stranger's DNS would answer, and the cluster's DNS for all other names. Gives
 * the address of its service.
 */
export async function startDns(cluster: Cluster, namespace: string, zones: Zones): Promise<string> {
    const metadata = { name: "dns", namespace };
    const [own] = await cluster.pods("kube-system", "k8s-app=kube-dns");
    const image = own.spec?.containers[0].image;
    const { spec: clusterDns } = await cluster.core.readNamespacedService({
        name: "kube-dns",
        namespace: "kube-system",
    });
    const corefile = [
        ...Object.entries(zones).map(([zone, plugins]) => `${zone}:${PORT} {\n${plugins.join("\n")}\n}`),
        `.:${PORT} {\n forward . ${clusterDns?.clusterIP}\n}`,
    ].join("\n");
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
    });
    await cluster.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile } });
    const ports = ["UDP", "TCP"].map((protocol) => ({
        name: protocol.toLowerCase(),
        port: 53,
        targetPort: PORT,
        protocol,
    }));
    await cluster.apply({ apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "dns" }, ports } });
    await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: { app: "dns" } },
        spec: {
            terminationGracePeriodSeconds: 0,
            dnsPolicy: "Default",
            containers: [
                {
                    name: "dns",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    args: ["-conf", "/dns/Corefile"],
                    readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
                    volumeMounts: [{ name: "dns", mountPath: "/dns", readOnly: true }],
                },
            ],
            volumes: [{ name: "dns", configMap: { name: metadata.name } }],
        },
    });
    await cluster.readyPod(namespace, "app=dns", "dns");
    const { spec } = await cluster.core.readNamespacedService(metadata);
    return spec?.clusterIP ?? "";
}

/** Has the pods of a deployment ask that server, and gives the one that does. */
export async function resolveBy(
    cluster: Cluster,
    { namespace, name, container }: PodRef,
    labels: string,
    address: string,
): Promise<PodRef> {
    const metadata = { name, namespace };
    const searches = [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"];
    const options = [{ name: "ndots", value: "5" }];
    await cluster.apply({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: {
            template: { spec: { dnsPolicy: "None", dnsConfig: { nameservers: [address], searches, options } } },
        },
    });
    return waitFor(`the pods of ${name} with the other DNS`, 120, async () => {
        const pods = await cluster.pods(namespace, labels);
        const [pod] = pods;
        const isNew = pods.length === 1 && pod.spec?.dnsPolicy === "None";
        const isReady = pod?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        return isNew && isReady && { namespace, name: pod.metadata?.name ?? "", container };
    });
}
