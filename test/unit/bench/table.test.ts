import assert from "node:assert/strict";
import { isMet } from "../../../bench/goal";
import { markdownTable, textTable } from "../../../bench/table";
import { figure } from "./figures";

const relative = { at: "most", value: 1.2, over: "bare" } as const;

describe("the table of figures", () => {
    it("has ours beside the alternatives, and whether the goal is met", () => {
        const met = figure({ alternatives: { bare: 12, guides: 1234.5 }, goal: { at: "most", value: 10 } });
        assert.equal(textTable([met]), "✔  up  10 s  bare 12 s, guides 1,235 s  ≤ 10 s: met");
        const missed = figure({ ours: 10.01, goal: { at: "most", value: 10 } });
        assert.match(textTable([missed]), /^✖.*≤ 10 s: missed$/);
        assert.equal(textTable([figure()]), "   up  10 s");
    });

    it("holds a goal over an alternative against the ratio", () => {
        assert.match(
            textTable([figure({ goal: relative, alternatives: { bare: 8 } })]),
            /✖.*≤ 1.2 × bare: missed \(1.25 ×\)/,
        );
        assert.match(textTable([figure({ goal: relative, alternatives: { bare: 9 } })]), /✔.*met \(1.11 ×\)/);
        const least = { at: "least", value: 3, over: "bare" } as const;
        assert.equal(isMet(figure({ ours: 30, goal: least, alternatives: { bare: 10 } })), true);
        assert.equal(isMet(figure({ ours: 29, goal: least, alternatives: { bare: 10 } })), false);
    });

    it("calls a goal neither met nor missed where what it is about was not measured", () => {
        assert.match(textTable([figure({ goal: relative })]), /^ .*≤ 1.2 × bare: not measured$/);
    });

    it("is the same in Markdown, with the notes", () => {
        const text = markdownTable([figure({ note: "without a | cluster", goal: { at: "least", value: 5 } })]);
        assert.equal(text.split("\n")[2], "| up (without a \\| cluster) | 10 s |  | ≥ 5 s: met |");
    });
});
