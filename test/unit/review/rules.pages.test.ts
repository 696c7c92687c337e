import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { allRules, review } from "../../../review";
import { RULE_PAGES, rulePage } from "../../support/rulePages";

describe("docs/rules", () => {
    it("has a page for each rule, and no other", () => {
        const pages = readdirSync(RULE_PAGES).map((file) => file.replace(/\.md$/, ""));
        assert.deepEqual(
            pages.filter((page) => page !== "README").sort(),
            allRules()
                .map(({ id }) => id)
                .sort(),
        );
    });

    for (const { id, title, why, severity } of allRules()) {
        describe(id, () => {
            const page = rulePage(id);

            it("says what the rule says", () => {
                const plain = page.text.replace(/\s+/g, " ").replace(/\\([*_<>])/g, "$1");
                for (const part of [`# ${id}`, title, why, `Severity: ${severity}.`]) {
                    assert.ok(plain.includes(part.replace(/\s+/g, " ")), `the page lacks: ${part}`);
                }
            });

            it("finds its first example", () => {
                const { findings, skipped } = review(page.found);
                assert.ok(
                    findings.some(({ rule }) => rule === id),
                    `found only ${findings.map(({ rule }) => rule).join(", ")}`,
                );
                assert.deepEqual(skipped, []);
            });

            it("finds nothing mandatory in its second, and nothing of its own", () => {
                const { findings } = review(page.correct);
                assert.deepEqual(
                    findings.filter((one) => one.severity === "mandatory" || one.rule === id),
                    [],
                );
            });
        });
    }
});
