import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { METRICS_PATH, METRICS_PORT } from "../../plan/observability/relabeling";
import { Prometheus } from "../../test/support/runPrometheus";

/** What Prometheus found when it read a gateway's metrics once. */
export interface Reading {
    /** Time series on the page. */
    scraped: number;
    /** Those that are left after the relabeling. */
    kept: number;
    /** Size of the page, in bytes. */
    page: number;
}

/** The page that a PodMonitor of an EgressMetrics reads. */
export async function metricsPage(cluster: Cluster, gateway: PodRef): Promise<string> {
    const url = `http://127.0.0.1:${METRICS_PORT}${METRICS_PATH}`;
    return (await cluster.exec({ ...gateway, container: "istio-proxy" }, ["curl", "-s", url])).stdout;
}

/** Counts of the first reading that Prometheus begins after this call. */
export async function nextCounts(prometheus: Prometheus): Promise<{ scraped: number; kept: number }> {
    const asked = Date.now() / 1000;
    const last = async (expression: string) => Number((await prometheus.query(expression))[0]?.value[1] ?? NaN);
    await waitFor(
        "Prometheus to read the gateway",
        60,
        async () => (await last("timestamp(up == 1)")) > asked && (await last("scrape_samples_scraped")) > 0,
    );
    return {
        scraped: await last("scrape_samples_scraped"),
        kept: await last("scrape_samples_post_metric_relabeling"),
    };
}
