import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import type { Outcome } from "../../../chaos/outcome";
import { pageWithResults, table } from "../../../chaos/page";
import type { Result } from "../../../chaos/report";
import { PAGE, readResults } from "../../../chaos/results";
import { broken, type Scenario } from "../../../chaos/scenario";
import { SCENARIOS, chosen } from "../../../chaos/scenarios";

const MACHINE = { cores: 2, processor: "Example", memoryGigabytes: 8, system: "linux 6.1", node: "22.1.0" };
const outcome: Outcome = {
    calls: 1000,
    failed: 0,
    failedGets: 0,
    longestGap: 0.1,
    slowest: 0.2,
    slowestFailure: 0,
    failing: 0,
    doubled: 0,
    failures: {},
};
const result = (ours: Partial<Outcome>): Result => ({
    ...{ ours: { ...outcome, ...ours }, date: "2026-01-01", commit: "abcdef0", machine: MACHINE, seconds: 10 },
    alternatives: { guides: { ...outcome, failed: 7 } },
});
const scenario: Scenario = {
    ...{ name: "one", what: "a fault", promised: { text: "0 failed calls" } },
    run: () => Promise.reject(new Error("is not run")),
};

describe("the page of results", () => {
    it("is what the kept results make of it", async () => {
        const page = readFileSync(PAGE, "utf8");
        const drawn = pageWithResults(page, SCENARIOS, readResults());
        const pretty = await format(drawn, { ...(await resolveConfig(PAGE)), filepath: PAGE });
        assert.equal(page, pretty, "npm run chaos -- --draw");
    });

    it("has a row for each scenario, with its command", () => {
        const rows = table(SCENARIOS, {}).split("\n").slice(2);
        assert.deepEqual(
            rows.map((row) => /`npm run chaos -- ([a-z0-9-]+)`/.exec(row)?.[1]),
            SCENARIOS.map(({ name }) => name),
        );
        assert.equal(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
    });

    it("says what callers saw, and what they saw through something else in the same run", () => {
        const failures = { "503 reset": 3, "no answer: EOF": 1200 };
        const ours = { calls: 2000, failed: 1203, failures, failing: 7, slowestFailure: 10 };
        const row = table([scenario], { one: result(ours) }).split("\n")[2];
        assert.match(
            row,
            /\| 2,000 \| 1,203 \| 0.1 s \| 1,200 × no answer: EOF; 3 × 503 reset; failing for 7 s; slowest failure 10 s; slowest answer 0.2 s/,
        );
        assert.match(row, /guides: 7 of 1,000 failed/);
    });

    it("says where a promise was broken", () => {
        assert.match(table([scenario], { one: result({ failed: 1 }) }), /0 failed calls: \*\*missed\*\*/);
        assert.doesNotMatch(table([scenario], { one: result({}) }), /missed/);
    });
});

describe("a promise", () => {
    it("is broken by more failures, by a longer gap, by whatever comes twice, and by whatever else was missed", () => {
        const of = (ours: Partial<Outcome>, promised: Partial<Scenario["promised"]> = {}) =>
            broken({ text: "", ...promised }, { ours: { ...outcome, ...ours } }).length;
        assert.equal(of({}), 0);
        assert.equal(of({ failed: 1 }), 1);
        assert.equal(of({ failed: 2, failedGets: 1 }, { failed: 2 }), 0);
        assert.equal(of({ failed: 2, failedGets: 1 }, { failed: 2, failedGets: 0 }), 1);
        assert.deepEqual(broken({ text: "" }, { ours: outcome, missed: ["no reason"] }), ["no reason"]);
        assert.equal(of({ longestGap: 3 }, { longestGap: 2 }), 1);
        assert.equal(of({ failing: 16 }, { failing: 15 }), 1);
        assert.equal(of({ failing: 15 }, { failing: 15 }), 0);
        assert.equal(of({ doubled: 1 }), 1);
        assert.equal(of({ calls: 0 }), 1);
    });
});

describe("the choice of scenarios", () => {
    const slow = { ...scenario, name: "slow", onlyByName: true };

    it("is every one that need not be named, or those that are", () => {
        const names = (...given: string[]) => chosen(given, [scenario, slow]).map(({ name }) => name);
        assert.deepEqual(names(), ["one"]);
        assert.deepEqual(names("slow"), ["slow"]);
        assert.throws(() => names("two"), /There is no scenario "two". The scenarios are one, slow./);
    });
});
