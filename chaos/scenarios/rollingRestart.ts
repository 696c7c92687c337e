import { restart, rolledOut } from "../stage/faults";
import { GATEWAYS } from "../stage/places";
import { Scenario } from "../scenario";

export const rollingRestart: Scenario = {
    name: "rolling-restart",
    what: "all pods of the gateway are replaced, as `kubectl rollout restart` does",
    promised: { text: "0 failed calls" },
    run: (stage) =>
        stage.underLoad(async () => {
            for (const deployment of GATEWAYS) {
                await restart(stage.cluster, deployment);
            }
            for (const deployment of GATEWAYS) {
                await rolledOut(stage.cluster, deployment);
            }
        }),
};
