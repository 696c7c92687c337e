import { waitFor } from "../../lab/proof/cluster";
import { gatewayRestarts, killEnvoy, rolledOut } from "../stage/faults";
import { GATEWAY, GUIDES } from "../stage/places";
import type { Scenario } from "../scenario";

export const envoyKilled: Scenario = {
    name: "envoy-killed",
    what: "the Envoy of a gateway's pod is killed with signal 9",
    promised: { text: "only calls in flight that are not safe to repeat", failed: 10, longestGap: 3 },
    run: (stage) =>
        stage.underLoad(async () => {
            const before = await gatewayRestarts(stage.cluster);
            for (const { name, namespace } of [GATEWAY, GUIDES]) {
                const pod = await stage.cluster.readyPod(namespace, `istio=${name}`, "istio-proxy");
                await killEnvoy(stage.cluster, pod);
            }
            await waitFor("the gateway's container to be started again", 60, async () => {
                return (await gatewayRestarts(stage.cluster)) > before;
            });
            await rolledOut(stage.cluster, GATEWAY);
            await rolledOut(stage.cluster, GUIDES);
        }),
};
