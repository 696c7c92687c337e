import { builtBinary } from "../../lab/build/build";
import { waitFor } from "../../lab/proof/cluster";
import { startCaller } from "../../lab/proof/workloads";
import { METRIC_RELABELINGS, inConfigurationFile } from "../../plan/observability/relabeling";
import { runPrometheus } from "../../test/support/runPrometheus";
import { CALLERS, applyAll, openBenchMesh } from "../cluster/benchMesh";
import { numberedHost, startPartner } from "../cluster/partner";
import { external, routes, wildcardRoutes } from "../mesh/setup";
import type { Figure, Part } from "../part";
import { takeDownLater } from "../takeDown";
import { callMany } from "./callMany";
import { Reading, metricsPage, settledCounts } from "./series";

const SIZES = [100, 1000];
/** Names below one wildcard that are called. */
const NAMES = 1000;
const EVERYTHING = "everything that the gateway has";
const MB = 1_000_000;

/** How many time series a gateway's hosts are for a real Prometheus, with the relabeling of an EgressMetrics. */
export const metrics: Part = {
    name: "metrics",
    what: "the time series of a gateway's hosts in Prometheus",
    run: async (tell) => {
        const mesh = await openBenchMesh(tell);
        const { cluster } = mesh;
        await startPartner(cluster, mesh.nginxImage);
        const caller = await startCaller(cluster, CALLERS, mesh.curlImage);
        const gateway = await mesh.gateway();
        let pageSize = 0;
        const prometheus = await runPrometheus(builtBinary("prometheus"), {
            read: async () => {
                const page = await metricsPage(cluster, gateway);
                pageSize = page.length;
                return page;
            },
            labels: {},
            metricRelabelings: METRIC_RELABELINGS.map(inConfigurationFile),
            intervalSeconds: 5,
        });
        takeDownLater(() => prometheus.stop());
        const read = async (what: string) => {
            const reading: Reading = { ...(await settledCounts(prometheus)), page: pageSize };
            tell(`${what}: ${JSON.stringify(reading)}`);
            return reading;
        };

        const none = await read("no host");
        const ofSizes: Reading[] = [];
        for (const [index, size] of SIZES.entries()) {
            tell(`${size} hosts`);
            await applyAll(cluster, routes(SIZES[index - 1] ?? 0, size, "callers"));
            for (const proxy of [gateway, caller]) {
                await waitFor(`${size} hosts`, 180, async () => (await external(cluster, proxy)) === size);
            }
            // A cluster that the gateway has just got may not have looked up its address yet.
            await waitFor(`200 of ${size} hosts`, 120, async () => {
                const answered = await callMany(cluster, caller, `http://host-[0-${size - 1}].partner.example/`);
                return answered["200"] === size;
            });
            ofSizes.push(await read(`${size} hosts`));
        }

        tell("a wildcard");
        await applyAll(cluster, wildcardRoutes(0, 1));
        const below = `${numberedHost(0)}/`;
        await waitFor("the wildcard", 60, async () => {
            // No DNS knows the name: the gateway's own 503 shows that it has the route.
            return (await callMany(cluster, caller, `http://a.${below}`))["503"] === 1;
        });
        const oneName = await read("one name below a wildcard");
        await callMany(cluster, caller, `http://n[1-${NAMES}].${below}`);
        const manyNames = await read(`${NAMES} names below it`);

        return [...SIZES.flatMap((size, index) => figures(size, none, ofSizes[index])), ofNames(oneName, manyNames)];
    },
};

function figures(size: number, none: Reading, reading: Reading): Figure[] {
    const perHost = (of: (one: Reading) => number) => (of(reading) - of(none)) / size;
    return [
        {
            id: `${size}-hosts.series`,
            what: `${size} hosts, each called: time series that Prometheus keeps`,
            unit: "per host",
            better: "less",
            ours: perHost(({ kept }) => kept),
            alternatives: { [EVERYTHING]: perHost(({ scraped }) => scraped) },
            ...(size === Math.max(...SIZES) && { goal: { at: "most", value: 60 } }),
        },
        {
            id: `${size}-hosts.page`,
            what: `${size} hosts: what Prometheus reads each time`,
            unit: "MB",
            better: "less",
            ours: reading.page / MB,
        },
    ];
}

function ofNames(one: Reading, many: Reading): Figure {
    return {
        id: "wildcard-names",
        what: `time series that ${NAMES} names below one wildcard add to those of the first`,
        unit: "count",
        better: "less",
        ours: many.kept - one.kept,
        alternatives: { [EVERYTHING]: many.scraped - one.scraped },
        goal: { at: "most", value: 0 },
    };
}
