import { waitFor } from "../../lab/proof/cluster";
import { seen } from "../page";
import { restarts, rolledOut } from "../stage/faults";
import { GATEWAY, HOSTS } from "../stage/places";
import { pause } from "../stage/pause";
import { Scenario } from "../scenario";

/** Little more than what Envoy needs for itself. */
const LIMIT = "112Mi";
/** Each call holds it at the gateway for as long as the partner takes. */
const HEADER_KILOBYTES = 40;

export const overload: Scenario = {
    name: "gateway-overloaded",
    what: `a gateway of one replica with a memory limit of ${LIMIT} gets 200 calls a second that each hold ${HEADER_KILOBYTES} KB for 2 s`,
    promised: {
        text: "what is too much gets 503 with the reason, the gateway is not killed, and answers all calls once the load is over",
        failed: 10_000,
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
            return {
                ours,
                findings: { "the load itself": seen(seenByHeavy), "restarts of the gateway": kills },
            };
        } finally {
            await stage.restore();
            await rolledOut(stage.cluster, GATEWAY);
        }
    },
};
