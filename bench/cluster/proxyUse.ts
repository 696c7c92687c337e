import { Cluster, PodRef } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";

/** What a proxy was given, and what it needs for that. */
export interface ProxyUse {
    /** Of clusters, listeners and routes, as JSON. */
    bytes: number;
    /** Clusters of hosts outside the cluster. */
    externalClusters: number;
    /** Filter chains on the pod's port for calls from sidecars. */
    filterChains: number;
    /** What Envoy has allocated. */
    heap: number;
    resident: number;
}

interface Dump {
    configs: {
        "@type": string;
        dynamic_active_clusters?: { cluster: { name: string } }[];
        dynamic_listeners?: { name: string; active_state?: { listener: { filter_chains?: unknown[] } } }[];
    }[];
}

const SENT_BY_ISTIOD = ["ClustersConfigDump", "ListenersConfigDump", "RoutesConfigDump"];

export async function proxyUse(cluster: Cluster, pod: PodRef, external: RegExp, port = 8443): Promise<ProxyUse> {
    const inProxy = { ...pod, container: "istio-proxy" };
    const { configs } = JSON.parse(await proxyPage(cluster, inProxy, "config_dump")) as Dump;
    const memory = JSON.parse(await proxyPage(cluster, inProxy, "memory")) as Record<string, string>;
    const sent = configs.filter((config) => SENT_BY_ISTIOD.some((name) => config["@type"].endsWith(name)));
    const names = sent.flatMap((config) => config.dynamic_active_clusters ?? []).map((one) => one.cluster.name);
    const listener = sent
        .flatMap((config) => config.dynamic_listeners ?? [])
        .find(({ name }) => name === `0.0.0.0_${port}`);
    return {
        bytes: sent.reduce((sum, config) => sum + JSON.stringify(config).length, 0),
        externalClusters: names.filter((name) => external.test(name)).length,
        filterChains: listener?.active_state?.listener.filter_chains?.length ?? 0,
        heap: Number(memory.allocated),
        resident: Number(memory.heap_size),
    };
}

/** Metrics of istiod's, summed over their labels. */
export async function istiodMetrics(cluster: Cluster, { namespace, name }: PodRef): Promise<(name: string) => number> {
    const path = { namespace, name: `${name}:15014`, path: "metrics" };
    const page = String(await cluster.core.connectGetNamespacedPodProxyWithPath(path));
    return (metric) =>
        page
            .split("\n")
            .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
            .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
