import assert from "node:assert/strict";
import fc from "fast-check";
import { beginning } from "../../../chaos/beginning";

describe("the beginning of a text", () => {
    it("ends with a whole word, and says that something is left out", () => {
        assert.equal(beginning("failed calling webhook", 22), "failed calling webhook");
        assert.equal(beginning("failed calling webhook", 21), "failed calling…");
        assert.equal(beginning("  failed  calling", 9), "failed…");
        assert.equal(beginning("dial tcp 10.0.0.1:443: refused", 20), "dial tcp…");
        assert.equal(beginning("https://istiod.istio-system", 10), "https://is…");
    });

    it("is never longer than asked for, but for the mark", () => {
        fc.assert(
            fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, most) => {
                const told = beginning(text, most);
                assert.ok(told.length <= most + 1);
                assert.ok(text.trim().startsWith(told.replace(/…$/, "")) || told === text.trim());
            }),
        );
    });
});
