import assert from "node:assert/strict";
import { broken } from "../../chaos/scenario";
import { chosen } from "../../chaos/scenarios";
import { Stage } from "../../chaos/stage/stage";
import { localEnvironment } from "../support/localEnvironment";
import { machine } from "../support/machine";

/** The scenarios that matter most, and are over soon; `npm run chaos` has the others. */
const SCENARIOS = ["pod-deleted", "rolling-restart", "partner-resetting"];

describe("what callers see of a fault", function () {
    let stage: Stage;

    before(async function () {
        const { local, engine, plugins } = await localEnvironment(this);
        await machine.tool(this, "vegeta");
        stage = await Stage.openIn(local, engine, plugins);
    });

    after(async () => {
        await stage?.close();
    });

    for (const scenario of chosen(SCENARIOS)) {
        it(`${scenario.what}: ${scenario.promised.text}`, async () => {
            const report = await scenario.run(stage);
            assert.deepEqual(broken(scenario.promised, report), [], JSON.stringify(report.ours.failures));
        });
    }
});
