import assert from "node:assert/strict";
import { duration } from "../../../../lab/cluster/status";

describe("a duration", () => {
    it("is in the largest useful unit", () => {
        assert.deepEqual([59, 61, 3660].map(duration), ["59 s", "1 min", "1 h 1 min"]);
    });
});
