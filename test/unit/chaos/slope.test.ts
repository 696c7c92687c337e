import assert from "node:assert/strict";
import fc from "fast-check";
import { slopePerMinute } from "../../../chaos/slope";

describe("the slope of what was measured over time", () => {
    it("is that of the line on which all samples lie", () => {
        const line = fc.tuple(
            fc.integer({ min: -50, max: 50 }),
            fc.integer({ min: 0, max: 1000 }),
            fc.integer({ min: 2, max: 50 }),
        );
        fc.assert(
            fc.property(line, ([perSecond, start, count]) => {
                const samples = Array.from({ length: count }, (_, at) => ({ at, value: start + perSecond * at }));
                assert.ok(Math.abs(slopePerMinute(samples) - 60 * perSecond) < 1e-6);
            }),
        );
    });

    it("is nothing where nothing grows, and where there is one sample", () => {
        assert.equal(slopePerMinute([{ at: 3, value: 7 }]), 0);
        assert.equal(slopePerMinute([0, 1, 2, 3].map((at) => ({ at, value: 7 }))), 0);
    });
});
