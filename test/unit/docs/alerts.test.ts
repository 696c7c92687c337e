import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { egressAlerts } from "../../../plan/observability/egressAlerts";

const PAGE = join(__dirname, "../../../docs/operations.md");
const options = { name: "a", namespace: "m", labels: {}, gatewayNamespace: "istio-egress" };
const numbers = { objective: 99.9, leastFailures: 10, quietHours: 2, warningHours: 720, lastHours: 168 };

describe("docs/operations.md", () => {
    const sections = new Map(
        readFileSync(PAGE, "utf8")
            .split(/^#### /m)
            .slice(1)
            .map((section) => [section.slice(0, section.indexOf("\n")), section.split(/^##+ /m)[0]]),
    );
    const rules = egressAlerts({ ...options, ...numbers }).spec.groups.flatMap((group) => group.rules);
    const alerts = [...new Set(rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])))];

    it("has a section for each alert, in no other order, and for nothing else", () => {
        assert.deepEqual([...sections.keys()], alerts);
    });

    for (const alert of alerts) {
        it(`says what ${alert} means, and what to look at first`, () => {
            const section = sections.get(alert) ?? "";
            assert.match(section, /\n\n[A-Z][^\n]{30,}\n\n1[.] \S/);
        });
    }
});
