import { evict, rolledOut } from "../stage/faults";
import { GATEWAYS } from "../stage/places";
import { Scenario } from "../scenario";

export const nodeDrained: Scenario = {
    name: "node-drained",
    what: "all pods of the gateway are evicted at once, as `kubectl drain` does; the lab's only node takes their successors",
    promised: { text: "0 failed calls: the disruption budget lets them go one after the other" },
    run: (stage) =>
        stage.underLoad(async () => {
            for (const deployment of GATEWAYS) {
                await evict(stage.cluster, deployment.namespace, `app=${deployment.name}`);
                await rolledOut(stage.cluster, deployment);
            }
        }),
};
