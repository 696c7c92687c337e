import { waitFor } from "../../lab/proof/cluster";
import { Outcome } from "../outcome";
import { seen } from "../page";
import { restarts, rolledOut } from "../stage/faults";
import { GATEWAY, HOSTS } from "../stage/places";
import { pause } from "../stage/pause";
import { Scenario } from "../scenario";

/** Little more than what Envoy needs for itself. */
const LIMIT = "112Mi";
/** Each call holds it at the gateway for as long as the partner takes. */
const HEADER_KILOBYTES = 40;

const CALLS_AFTER = 100;
const SHED = /^503 envoy overloaded$/;

/** Failures that do not match `expected`, a sentence each. */
function otherThan(expected: RegExp, { failures }: Outcome): string[] {
    return Object.entries(failures)
        .filter(([what]) => !expected.test(what))
        .map(([what, count]) => `${count} calls failed with ${what}`);
}

export const overload: Scenario = {
    name: "gateway-overloaded",
    what: `a gateway of one replica with a memory limit of ${LIMIT} gets 200 calls a second that each hold ${HEADER_KILOBYTES} KB for 2 s`,
    promised: {
        text: "what is too much gets 503 with the reason, and nothing else; the gateway is not killed, and answers all calls once the load is over",
        failed: Infinity,
    },
    run: async (stage) => {
        const [one, other] = stage.callers;
        try {
            await stage.change({
                gateway: { minReplicas: 1, resources: { requests: { memory: LIMIT }, limits: { memory: LIMIT } } },
            });
            await rolledOut(stage.cluster, GATEWAY);
            const before = await restarts(stage.cluster, GATEWAY);
            const heavy = {
                ...{ name: "heavy/get", host: HOSTS.slow, method: "GET" as const, keepAlive: true },
                // Made in the caller's pod: the API server takes no command as long as this.
                header: `x-large: $(head -c ${HEADER_KILOBYTES * 1024} /dev/zero | tr '\\0' x)`,
            };
            const { ours, heavy: seenByHeavy } = await stage.withStreams(
                [
                    { pod: one, streams: [{ ...heavy, rate: 200 }] },
                    {
                        pod: other,
                        streams: [{ name: "ours/get", host: HOSTS.api, method: "GET", rate: 20, keepAlive: true }],
                    },
                ],
                () => pause(20),
            );
            const kills = (await restarts(stage.cluster, GATEWAY)) - before;
            if (kills > 0) {
                throw new Error(`the gateway was killed ${kills} times; its callers saw ${seen(seenByHeavy)}`);
            }
            await waitFor("calls after the load", 30, async () => (await stage.status(HOSTS.api)) === 200);
            const after = await stage.atOnce(HOSTS.api, CALLS_AFTER);
            return {
                ours,
                findings: {
                    "the load itself": seen(seenByHeavy),
                    "restarts of the gateway": kills,
                    [`of ${CALLS_AFTER} calls after it`]: `${after.failed} failed`,
                },
                missed: [
                    ...otherThan(SHED, ours),
                    ...(Object.keys(seenByHeavy.failures).some((what) => SHED.test(what)) ? [] : ["nothing was shed"]),
                    // Its calls take as long as their timeout where the gateway takes them.
                    ...otherThan(/^(504 upstream request timeout|503 envoy overloaded)$/, seenByHeavy),
                    ...(after.failed > 0 ? [`${after.failed} calls failed after the load`] : []),
                ],
            };
        } finally {
            await stage.restore();
            await rolledOut(stage.cluster, GATEWAY);
        }
    },
};
