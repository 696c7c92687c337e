import { waitFor } from "../../lab/proof/cluster";
import { killEnvoy, restarts, rolledOut } from "../stage/faults";
import { GATEWAY, GATEWAYS, HAND } from "../stage/places";
import { Scenario } from "../scenario";

export const envoyKilled: Scenario = {
    name: "envoy-killed",
    what: "the Envoy of a gateway's pod is killed with signal 9",
    promised: {
        text: "only calls in flight that are not safe to repeat",
        failed: 10,
        failedGets: 0,
        longestGap: 3,
        failing: 2,
    },
    run: (stage) =>
        stage.underLoad(async () => {
            const before = await restarts(stage.cluster, GATEWAY);
            for (const { name, namespace } of GATEWAYS) {
                const container = namespace === HAND.namespace ? "envoy" : "istio-proxy";
                const pod = await stage.cluster.readyPod(namespace, `app=${name}`, container);
                await killEnvoy(stage.cluster, pod);
            }
            await waitFor("the gateway's container to be started again", 60, async () => {
                return (await restarts(stage.cluster, GATEWAY)) > before;
            });
            for (const deployment of GATEWAYS) {
                await rolledOut(stage.cluster, deployment);
            }
        }),
};
