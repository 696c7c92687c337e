import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { diagrams, drawingFile } from "../../support/diagrams";

const FOLDER = join(__dirname, "../../../docs/images/diagrams");

describe("the diagrams of README and pages", () => {
    it("have a drawing for the site each, of the text as it is; if not: npm run docs:diagrams", async () => {
        assert.ok(diagrams().length >= 8);
        for (const { page, text } of diagrams()) {
            assert.ok(existsSync(await drawingFile(text)), page);
        }
    });

    it("have no drawing that no page uses", async () => {
        const used = await Promise.all(diagrams().map(async ({ text }) => basename(await drawingFile(text))));
        assert.deepEqual(readdirSync(FOLDER).sort(), [...new Set(used)].sort());
    });
});
