import assert from "node:assert/strict";
import { validateSchedule } from "../../../../../plan/egress/lockdown/checkSchedule";

describe("validateSchedule", () => {
    it("takes none, five fields and names", () => {
        for (const schedule of [undefined, "17 * * * *", "*/5 0-6 1,15 JAN-MAR 1", "@hourly", "@daily"]) {
            assert.deepEqual(validateSchedule("checkSchedule", schedule), [], schedule);
        }
    });

    it("refuses what is no schedule, and says how to write one", () => {
        for (const schedule of [
            "",
            "hourly",
            "@often",
            "* * * *",
            "0 17 * * * *",
            "5  * * * *",
            "TZ=UTC 0 * * * *",
            "a b c d\n",
        ]) {
            const [violation] = validateSchedule("checkSchedule", schedule);
            assert.equal(violation?.path, "checkSchedule", schedule);
            assert.match(violation.fix, /^Write minute/);
        }
    });
});
