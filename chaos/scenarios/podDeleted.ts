import { rolledOut } from "../stage/faults";
import { GATEWAYS } from "../stage/places";
import { Scenario } from "../scenario";

const deleted = (graceSeconds?: number): Scenario["run"] => {
    return (stage) =>
        stage.underLoad(async () => {
            for (const { name, namespace } of GATEWAYS) {
                const [pod] = await stage.cluster.pods(namespace, `app=${name}`);
                await stage.cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: pod.metadata }, graceSeconds);
                await rolledOut(stage.cluster, { name, namespace });
            }
        });
};

export const podDeleted: Scenario = {
    name: "pod-deleted",
    what: "a pod of the gateway is deleted",
    promised: { text: "0 failed calls with two replicas" },
    run: deleted(),
};

export const podKilled: Scenario = {
    name: "pod-killed",
    what: "a pod of the gateway is deleted without grace",
    promised: {
        text: "only calls in flight that are not safe to repeat",
        failed: 10,
        failedGets: 0,
        longestGap: 3,
        failing: 2,
    },
    run: deleted(0),
};
