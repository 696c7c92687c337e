import assert from "node:assert/strict";
import fc from "fast-check";
import { outcomeOf, type Call } from "../../../chaos/outcome";

const call = (at: number, milliseconds = 5, failure?: string): Call => ({ stream: "s", at, milliseconds, failure });

const calls = fc.array(
    fc.record({
        stream: fc.constant("s"),
        at: fc.integer({ min: 1_000, max: 100_000 }),
        milliseconds: fc.integer({ min: 1, max: 5_000 }),
        failure: fc.option(fc.constantFrom("503 reset", "no answer: EOF"), { nil: undefined }),
    }),
    { minLength: 1 },
);

describe("what callers saw of a fault", () => {
    it("counts every failure under its reason", () => {
        fc.assert(
            fc.property(calls, (made) => {
                const { calls: all, failed, failures } = outcomeOf(made);
                assert.equal(all, made.length);
                assert.equal(failed, made.filter(({ failure }) => failure).length);
                assert.equal(
                    Object.values(failures).reduce((sum, count) => sum + count, 0),
                    failed,
                );
            }),
        );
    });

    it("counts the GETs among them, which are safe to repeat", () => {
        const lost = ["ours/get", "ours/post", "ours/get-fresh", "ours/post-fresh"];
        const made = lost.map((stream) => ({ ...call(0, 5, "503"), stream }));
        assert.equal(outcomeOf([...made, { ...call(0), stream: "ours/get" }]).failedGets, 2);
    });

    it("has as its gap the longest time without an answer, from the first call on and until the last", () => {
        assert.equal(outcomeOf([call(0), call(1000), call(5000), call(6000)]).longestGap, 4);
        assert.equal(outcomeOf([call(0, 5, "503"), call(3000, 5, "503"), call(4000)]).longestGap, 4.01);
        assert.equal(outcomeOf([call(0), call(3000, 5, "503"), call(9000, 5, "503")]).longestGap, 8.99);
    });

    it("has no gap that is longer than the load", () => {
        fc.assert(
            fc.property(calls, (made) => {
                const from = Math.min(...made.map(({ at }) => at));
                const to = Math.max(...made.map(({ at, milliseconds }) => at + milliseconds));
                assert.ok(outcomeOf(made).longestGap <= (to - from) / 1000 + 0.01);
            }),
        );
    });

    it("tells for how long calls began that failed, the slowest of them and of the others", () => {
        const { failing, slowest, slowestFailure } = outcomeOf([
            call(0, 700),
            call(1000, 100, "503"),
            call(3000, 500, "503"),
            call(9000),
        ]);
        assert.deepEqual([failing, slowest, slowestFailure], [2, 0.7, 0.5]);
    });
});
