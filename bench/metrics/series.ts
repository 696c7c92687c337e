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

/**
 * Counts of the first reading after this call that is like the one before it: Envoy shows its histograms only after it has
 * merged those of its threads, once in 5 s.
 */
export async function settledCounts(prometheus: Prometheus): Promise<Omit<Reading, "page">> {
    let previous = await countsAfter(prometheus, Date.now() / 1000);
    return waitFor("two equal readings of the gateway", 180, async () => {
        const next = await countsAfter(prometheus, previous.time);
        const isSettled = next.scraped === previous.scraped && next.kept === previous.kept;
        previous = next;
        return isSettled ? { scraped: next.scraped, kept: next.kept } : undefined;
    });
}

/** Counts of a reading that Prometheus began after this time, in seconds. */
function countsAfter(prometheus: Prometheus, earliest: number) {
    // Of an expression other than a selector, timestamp() is the time of the query.
    const value = async (expression: string) => Number((await prometheus.query(expression))[0]?.value[1] ?? NaN);
    return waitFor("Prometheus to read the gateway", 60, async () => {
        const time = await value("timestamp(up) and up == 1");
        const [scraped, kept] = [
            await value("scrape_samples_scraped"),
            await value("scrape_samples_post_metric_relabeling"),
        ];
        // The next reading may have begun between two queries.
        const isOfOneReading = time === (await value("timestamp(up) and up == 1"));
        return time > earliest && scraped > 0 && isOfOneReading ? { time, scraped, kept } : undefined;
    });
}
