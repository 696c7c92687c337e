import assert from "node:assert/strict";
import { chart } from "../../../bench/chart";
import { figure } from "./figures";

const widths = (svg: string) => [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe("the drawing of figures", () => {
    it("has bars from 0, as long as their values", () => {
        const [ours, bare, guides] = widths(chart("t", [figure({ ours: 10, alternatives: { bare: 20, guides: 40 } })]));
        assert.ok(Math.abs(bare - 2 * ours) < 0.2 && Math.abs(guides - 4 * ours) < 0.3, `${ours} ${bare} ${guides}`);
    });

    it("has an axis a figure: a large one does not flatten a small one", () => {
        const small = figure({ id: "a", ours: 1, alternatives: { bare: 2 } });
        const large = figure({ id: "b", ours: 1000, alternatives: { bare: 2000 } });
        const [one, , other] = widths(chart("t", [small, large]));
        assert.equal(one, other);
    });

    it("draws the goal where it is, also one over an alternative, and says whether it is met", () => {
        const line = (svg: string) => Number(/class="goal" x1="([\d.]+)"/.exec(svg)?.[1]);
        const start = (svg: string) => Number(/<rect[^>]* x="([\d.]+)"/.exec(svg)?.[1]);
        const absolute = chart("t", [figure({ ours: 10, goal: { at: "most", value: 5 } })]);
        assert.ok(Math.abs((line(absolute) - start(absolute)) * 2 - widths(absolute)[0]) < 0.3);
        assert.match(absolute, /class="missed">\(goal: at most 5 s, missed\)/);
        const relative = chart("t", [
            figure({ ours: 10, alternatives: { bare: 10 }, goal: { at: "most", value: 2, over: "bare" } }),
        ]);
        assert.ok(Math.abs(line(relative) - start(relative) - 2 * widths(relative)[0]) < 0.3);
        assert.match(relative, /class="met">\(goal: at most 20 s, met\)/);
    });

    it("leaves out what has nothing beside it", () => {
        assert.deepEqual(widths(chart("t", [figure()])), []);
    });

    it("can be read on light and dark pages, and takes any name", () => {
        const svg = chart("a < b", [figure({ what: 'x & "y"', alternatives: { "guides' <layout>": 1 } })]);
        assert.match(svg, /prefers-color-scheme: dark/);
        assert.match(svg, /<title>a &lt; b<\/title>/);
        assert.match(svg, /x &amp; &quot;y&quot;/);
        assert.match(svg, /guides' &lt;layout&gt;/);
    });
});
