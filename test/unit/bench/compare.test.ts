import assert from "node:assert/strict";
import { compare } from "../../../bench/compare";
import type { Figure } from "../../../bench/part";
import { MACHINE, figure, result } from "./figures";

const against = (before: Partial<Figure>, now: Partial<Figure>, machine = MACHINE) =>
    compare(result([figure(before)]), result([figure(now)], machine));

describe("what a run says of the last kept one", () => {
    it("tells what got worse by more than noise, and what got better", () => {
        assert.deepEqual(against({ ours: 10 }, { ours: 13 }).worse, ["up: 13 s, kept 10 s"]);
        assert.deepEqual(against({ ours: 10 }, { ours: 7 }), { worse: [], better: ["up: 7 s, kept 10 s"], notes: [] });
    });

    it("knows which way is better", () => {
        const rate = { unit: "req/s", better: "more" } as const;
        assert.equal(against({ ...rate, ours: 1000 }, { ...rate, ours: 700 }).worse.length, 1);
        assert.equal(against({ ...rate, ours: 1000 }, { ...rate, ours: 1300 }).better.length, 1);
    });

    it("keeps silent about noise, of which a count has none", () => {
        assert.deepEqual(against({ ours: 10 }, { ours: 11.5 }), { worse: [], better: [], notes: [] });
        assert.deepEqual(against({ ours: 0.2 }, { ours: 0.4 }).worse, []);
        assert.equal(against({ unit: "count", ours: 100 }, { unit: "count", ours: 101 }).worse.length, 1);
    });

    it("takes what either run saw between its repeats for noise", () => {
        assert.deepEqual(against({ ours: 10, spread: 0.5 }, { ours: 14 }).worse, []);
        assert.deepEqual(against({ ours: 10 }, { ours: 14, spread: 0.5 }).worse, []);
        assert.equal(against({ ours: 10, spread: 0.1 }, { ours: 14, spread: 0.1 }).worse.length, 1);
    });

    it("compares times of another machine as parts of the alternatives' only, and what is counted as it is", () => {
        const other = { ...MACHINE, cores: 16 };
        const then = { ours: 10, alternatives: { bare: 10 } };
        const faster = against(then, { ours: 5, alternatives: { bare: 5 } }, other);
        assert.deepEqual([faster.worse, faster.better], [[], []]);
        assert.match(faster.notes[0], /another machine \(2 cores, Example\)/);
        const slower = against(then, { ours: 5, alternatives: { bare: 2 } }, other);
        assert.deepEqual(slower.worse, ["up: 2.50 × bare, kept 1.00 × bare"]);
        assert.equal(against({ unit: "count", ours: 1 }, { unit: "count", ours: 2 }, other).worse.length, 1);
    });

    it("says what is new, gone, or was never kept", () => {
        const { notes } = compare(result([figure({ id: "old" })]), result([figure({ id: "new" })]));
        assert.deepEqual(notes, ["new is new", "old was kept, and was not measured now"]);
        assert.deepEqual(compare(undefined, result([figure()])).notes, ["nothing is kept to compare with"]);
    });
});
