import { Cluster, PodRef } from "./cluster";

/** The administration pages of a pod's Envoy. */
export async function proxyPage(cluster: Cluster, pod: PodRef, path: string): Promise<string> {
    const command = ["pilot-agent", "request", "GET", path];
    const { stdout, stderr, code } = await cluster.exec({ ...pod, container: "istio-proxy" }, command);
    if (code !== 0) {
        throw new Error(`pilot-agent request GET ${path} in ${pod.namespace}/${pod.name}: ${stderr}`);
    }
    return stdout;
}

/** Names of the secrets that a proxy asks for or has. */
export async function proxySecrets(cluster: Cluster, pod: PodRef): Promise<string[]> {
    const { configs } = JSON.parse(await proxyPage(cluster, pod, "config_dump")) as {
        configs: { "@type": string; [list: string]: unknown }[];
    };
    const secrets = configs.find((config) => config["@type"].endsWith("SecretsConfigDump")) ?? {};
    return Object.values(secrets).flatMap((list) =>
        Array.isArray(list) ? (list as { name: string }[]).map(({ name }) => name) : [],
    );
}

/** Statistics that count configuration a proxy has rejected, where they are not zero. */
export async function rejectedUpdates(cluster: Cluster, pod: PodRef): Promise<string[]> {
    const lines = (await proxyPage(cluster, pod, "stats?filter=update_rejected")).trim().split("\n");
    if (!lines.some((line) => line.startsWith("cluster_manager.cds.update_rejected"))) {
        throw new Error(`the proxy of ${pod.namespace}/${pod.name} does not count rejected updates`);
    }
    return lines.filter((line) => !line.endsWith(": 0"));
}
