import { rolledOut } from "../stage/faults";
import { GATEWAY } from "../stage/places";
import { Scenario } from "../scenario";
import { Settings } from "../stage/program";

/** Each setting of the gateway in turn, by `pulumi up`, and back to the first. */
const through = (settings: Settings["gateway"][]): Scenario["run"] => {
    return async (stage) => {
        // Nothing of the alternatives changes.
        const { ours } = await stage.underLoad(async () => {
            for (const gateway of settings) {
                await stage.change({ gateway });
                await rolledOut(stage.cluster, GATEWAY);
            }
            await stage.restore();
            await rolledOut(stage.cluster, GATEWAY);
        });
        return { ours };
    };
};

export const valuesChanged: Scenario = {
    name: "values-changed",
    what: "`pulumi up` changes the gateway's resources, and changes them back",
    promised: { text: "0 failed calls" },
    run: through([{ minReplicas: 2, resources: { requests: { cpu: "60m", memory: "70Mi" } } }]),
};

export const scaled: Scenario = {
    name: "scaled",
    what: "`pulumi up` scales the gateway from 2 replicas to 5, and back",
    promised: { text: "0 failed calls" },
    run: through([{ minReplicas: 5 }]),
};
