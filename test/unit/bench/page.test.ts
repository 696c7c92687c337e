import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { DOCS, PAGE, drawing, fileOf, withFigures } from "../../../bench/page";
import { PARTS, chosen } from "../../../bench/parts";
import { readResults } from "../../../bench/results";
import { takeDown, takeDownLater } from "../../../bench/takeDown";
import { figure, result } from "./figures";

const PAGE_OF_ONE = "By hand.\n\n<!-- engine -->\n\nold\n\n<!-- /engine -->\n\nMore.\n";
const ENGINE = [{ name: "engine", what: "The engine" }];

describe("the page of figures", () => {
    it("has the kept ones between the marks of their part, and leaves the rest", () => {
        const page = withFigures(PAGE_OF_ONE, ENGINE, { engine: result([figure()]) });
        assert.match(page, /^By hand\.\n\n<!-- engine -->\n\n\| what /);
        assert.match(page, /!\[The engine\]\(engine\.svg\)/);
        assert.match(page, /Kept on 2026-01-01, commit abcdef0: 2 cores \(Example\), 8 GB/);
        assert.ok(page.endsWith("<!-- /engine -->\n\nMore.\n"));
        assert.doesNotMatch(page, /old/);
        assert.equal(withFigures(page, ENGINE, { engine: result([figure()]) }), page);
    });

    it("says where marks are missing", () => {
        assert.throws(() => withFigures("nothing", ENGINE, {}), /no <!-- engine --> followed by <!-- \/engine -->/);
    });

    it("and the drawings are those of bench/results.json; if not: npm run bench -- --draw", async () => {
        const page = readFileSync(PAGE, "utf8");
        const results = readResults();
        const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
        assert.equal(page, await format(withFigures(page, PARTS, results), options));
        for (const part of PARTS.filter(({ name }) => results[name])) {
            assert.equal(readFileSync(join(DOCS, fileOf(part.name)), "utf8"), drawing(part, results[part.name]));
        }
    });
});

describe("the choice of parts", () => {
    it("is all of them, or those that are named, in the order in which they run", () => {
        assert.deepEqual(chosen([]), PARTS);
        const names = PARTS.map(({ name }) => name);
        assert.deepEqual(
            chosen([names[1], names[0]]).map(({ name }) => name),
            names.slice(0, 2),
        );
    });

    it("refuses a part that is not there, with those that are", () => {
        assert.throws(() => chosen(["engines"]), /There is no part "engines"\. The parts are .*engine.*lab/);
    });
});

describe("what a part has made", () => {
    it("is taken down in the opposite order, all of it, once", async () => {
        const done: string[] = [];
        takeDownLater(() => Promise.resolve(done.push("first")));
        takeDownLater(() => Promise.reject(new Error("stuck")));
        takeDownLater(() => Promise.resolve(done.push("last")));
        await assert.rejects(takeDown(), /not everything was taken down:\nstuck/);
        assert.deepEqual(done, ["last", "first"]);
        await takeDown();
        assert.equal(done.length, 2);
    });
});
