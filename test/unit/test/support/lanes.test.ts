import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { LANES, chosenLanes, parseTotals, sumTotals, totalsLine } from "../../../support/lanes";

const FOLDERS_WITHOUT_TESTS = ["support"];

describe("the lanes of the suites", () => {
    it("run every suite that there is, once", () => {
        const suites = readdirSync(join(__dirname, "../../.."), { withFileTypes: true })
            .filter((entry) => entry.isDirectory() && !FOLDERS_WITHOUT_TESTS.includes(entry.name))
            .map(({ name }) => name);
        assert.deepEqual(chosenLanes([]).flat().sort(), suites.sort());
    });

    it("run the suites that are named, in the lane's order, and no empty lane", () => {
        assert.deepEqual(chosenLanes(["e2e", "unit", "commands"]), [["commands", "e2e"], ["unit"]]);
        assert.deepEqual(chosenLanes(["engine"]), [["engine"]]);
    });

    it("look at what the tests have left after all others", () => {
        assert.equal(LANES.cluster.at(-1), "afterwards");
    });

    it("refuse a suite that there is not, with those that there are", () => {
        assert.throws(() => chosenLanes(["units"]), /no suite units\. The suites are unit, engine, commands, e2e/);
    });

    it("add up what each has printed", () => {
        const totals = [
            { passed: 2, failed: 1, skipped: 0 },
            { passed: 3, failed: 0, skipped: 4 },
        ];
        assert.deepEqual(sumTotals(totals.map((one) => parseTotals(totalsLine(one))!)), {
            passed: 5,
            failed: 1,
            skipped: 4,
        });
    });

    it("have no totals where a run broke off", () =>
        assert.equal(parseTotals("Error: the engine is missing"), undefined));
});
