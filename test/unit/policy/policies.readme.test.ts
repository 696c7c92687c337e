import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../review/rules";
import { POLICIES } from "../../../policy/policies";

describe("policy/README.md", () => {
    it("lists every policy with its level and what it says, in the pack's order", () => {
        const readme = readFileSync(join(__dirname, "../../../policy/README.md"), "utf8");
        const rows = readme
            .split("\n")
            .filter((line) => line.startsWith("| `"))
            .map((line) =>
                line
                    .split("|")
                    .slice(1, 4)
                    .map((cell) => cell.trim()),
            );
        const titles = new Map<string, string>(RULES.map(({ id, title }) => [id, title]));
        const policies = POLICIES.map(({ name, description, enforcementLevel }) => [
            `\`${name}\``,
            enforcementLevel,
            titles.get(name) ?? description,
        ]);
        const told = rows.map(([name, level, title]) => [name, level, title]);
        assert.deepEqual(told, policies);
    });
});
