import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../review/rules";

describe("the rules", () => {
    it("are all in the list, each under an id of its own", () => {
        const files = readdirSync(join(__dirname, "../../../review/rules"));
        const inFolder = files.map((file) => file.replace(/\.ts$/, "")).map(kebabCase);
        assert.deepEqual(RULES.map(({ id }) => id).sort(), inFolder.sort());
    });

    it("have a test each, under the rule's own name", () => {
        const names = (folder: string, ending: string) =>
            readdirSync(join(__dirname, folder))
                .filter((file) => file.endsWith(ending))
                .map((file) => file.slice(0, -ending.length))
                .sort();
        assert.deepEqual(names("rules", ".test.ts"), names("../../../review/rules", ".ts"));
        for (const id of RULES.map((rule) => rule.id)) {
            const text = readFileSync(join(__dirname, "rules", `${camelCase(id)}.test.ts`), "utf8");
            assert.ok(new RegExp(`(describe|ruleEdges)\\("${id}"`).test(text), `no test is about ${id}`);
        }
    });

    it("say in a sentence each what they refuse and what happens without them", () => {
        for (const { title, why } of RULES) {
            assert.match(title, /^[A-Za-z].*\.$/);
            assert.match(why, /^[A-Za-z].*\.$/);
        }
    });
});

function kebabCase(name: string): string {
    return name.replace(/[A-Z]|\d+/g, (part) => `-${part.toLowerCase()}`);
}

function camelCase(id: string): string {
    return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
