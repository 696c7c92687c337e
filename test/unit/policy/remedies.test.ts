import assert from "node:assert/strict";
import { RULES } from "../../../review/rules";
import { REMEDIES } from "../../../policy/remedies";

describe("remedies", () => {
    it("are for rules that there are", () => {
        const ids = RULES.map(({ id }) => id);
        assert.deepEqual(
            REMEDIES.map(({ rule }) => rule).filter((id) => !ids.includes(id)),
            [],
        );
    });
});
