import { restart, rolledOut } from "../stage/faults";
import { GATEWAY, GUIDES } from "../stage/places";
import type { Scenario } from "../scenario";

export const rollingRestart: Scenario = {
    name: "rolling-restart",
    what: "all pods of the gateway are replaced, as `kubectl rollout restart` does",
    promised: { text: "0 failed calls" },
    run: (stage) =>
        stage.underLoad(async () => {
            for (const deployment of [GATEWAY, GUIDES]) {
                await restart(stage.cluster, deployment);
            }
            for (const deployment of [GATEWAY, GUIDES]) {
                await rolledOut(stage.cluster, deployment);
            }
        }),
};
