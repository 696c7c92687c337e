import assert from "node:assert/strict";
import { remembered } from "../../../review/remembered";

describe("what is remembered", () => {
    it("is worked out once for each key", () => {
        const known = new Map<string, { of: string }>();
        const asked: string[] = [];
        const lookUp = (key: string) =>
            remembered(known, key, () => {
                asked.push(key);
                return { of: key };
            });
        assert.equal(lookUp("a"), lookUp("a"));
        assert.notEqual(lookUp("a"), lookUp("b"));
        assert.deepEqual(asked, ["a", "b"]);
    });
});
