import { istiodMetrics } from "../../bench/cluster/proxyUse";
import { PodRef, waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { Partner } from "../partner/partner";
import { slopePerMinute, Sample } from "../slope";
import { HOSTS } from "../stage/places";
import { pause } from "../stage/pause";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

const MEBIBYTE = 2 ** 20;
const ADDED_HOST = "soak.more.example";
/** A change of everything that changes, once in this time. */
const PERIOD_SECONDS = 30;
/** MiB a minute. In an hour it is 3 % of the limit that the gateway's chart sets, and in 20 minutes a heap's noise is less. */
const MOST_GROWTH = 0.5;
/** A run of fewer samples tells a straight line from noise by chance only. */
const LEAST_SAMPLES = 20;

const soak = (name: string, minutes: number): Scenario => ({
    name,
    what: `${minutes} minutes of 300 calls a second; each ${PERIOD_SECONDS} s the client certificate is rotated, and a host is added or removed`,
    promised: {
        text:
            minutes * 60 < LEAST_SAMPLES * PERIOD_SECONDS
                ? "0 failed calls"
                : `0 failed calls; the memory of gateway, istiod and sidecar grows by less than ${MOST_GROWTH} MiB a minute`,
    },
    onlyByName: true,
    run: async (stage) => {
        const memory: Record<string, Sample[]> = { gateway: [], istiod: [], sidecar: [] };
        const usual = { host: HOSTS.api, rate: 75 };
        const [one, other] = stage.callers;
        const { ours } = await stage.withStreams(
            [
                {
                    pod: one,
                    streams: [
                        { ...usual, name: "ours/get", method: "GET", keepAlive: true },
                        { ...usual, name: "ours/post", method: "POST", keepAlive: true },
                    ],
                },
                {
                    pod: other,
                    streams: [
                        { ...usual, name: "ours/get-fresh", method: "GET", keepAlive: false },
                        { ...usual, name: "ours/post-fresh", method: "POST", keepAlive: false },
                    ],
                },
            ],
            async () => {
                const start = Date.now();
                const elapsed = () => (Date.now() - start) / 1000;
                for (let round = 0; elapsed() < minutes * 60; round += 1) {
                    const began = elapsed();
                    const isAdded = round % 2 === 0;
                    await stage.change({
                        client: await Partner.client(stage.partner.pki.ca),
                        moreHosts: isAdded ? [ADDED_HOST] : [],
                    });
                    await waitFor(`${ADDED_HOST} to be ${isAdded ? "added" : "removed"}`, PERIOD_SECONDS, async () => {
                        return ((await stage.status(ADDED_HOST)) === 200) === isAdded;
                    });
                    for (const [what, value] of Object.entries(await memoryOf(stage))) {
                        memory[what].push({ at: elapsed(), value });
                    }
                    await pause(Math.max(0, PERIOD_SECONDS - (elapsed() - began)));
                }
            },
        );
        await stage.restore();
        const findings: Record<string, string> = {};
        const missed: string[] = [];
        for (const [what, samples] of Object.entries(memory)) {
            const slope = slopePerMinute(samples);
            const seen = `${samples.at(-1)?.value.toFixed(1)} MiB, ${slope.toFixed(2)} MiB a minute`;
            if (samples.length >= LEAST_SAMPLES && slope >= MOST_GROWTH) {
                missed.push(`the memory of the ${what} grows: ${seen}`);
            }
            findings[`memory of the ${what}`] = seen;
        }
        return { ours, findings, missed };
    },
});

export const soakShort = soak("soak", 3);
export const soakLong = soak("soak-20-minutes", 20);

/** What is in use, in MiB. */
async function memoryOf(stage: Stage): Promise<Record<string, number>> {
    const allocated = async (pod: PodRef) => {
        const page = await proxyPage(stage.cluster, pod, "memory");
        return Number((JSON.parse(page) as { allocated: string }).allocated) / MEBIBYTE;
    };
    const istiod = await stage.cluster.readyPod("istio-system", "app=istiod", "discovery");
    const metrics = await istiodMetrics(stage.cluster, istiod);
    return {
        gateway: await allocated((await stage.gatewayPods())[0]),
        istiod: metrics("go_memstats_heap_inuse_bytes") / MEBIBYTE,
        sidecar: await allocated(stage.callers[0]),
    };
}
