import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { claims, gatewayApiClaims, noClaims, noGatewayApiClaims, openClaims } from "../../support/adversary/claims";
import { FORGERIES } from "../../support/adversary/forgedSidecars";
import { ORDINARY_OBJECTS } from "../../support/adversary/legitimateObjects";
import { ORDINARY_PODS } from "../../support/adversary/legitimatePods";
import { ordinaryWorkloads } from "../../support/adversary/legitimateWorkloads";
import { OBJECT_ATTEMPTS } from "../../support/adversary/objects";
import { POD_ATTEMPTS } from "../../support/adversary/pods";

const ROOT = join(__dirname, "../../..");
const ATTACKS = "docs/lockdown-attacks.md";
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** Every test that a text names, as a file or a folder. */
function tests(text: string): string[] {
    const named = [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path);
    for (const path of named) {
        assert.ok(existsSync(join(ROOT, path)), path);
    }
    return named;
}

/** The sections of a page, without what stands before the first. */
const sections = (page: string) => page.split(/^## /m).slice(1);

/** The rows of a section's table, without its head. */
const rows = (section: string) => section.split("\n").filter((line) => line.startsWith("|"));

describe("what is said of attacks on a lockdown", () => {
    it("names in SECURITY.md a test that exists for each promise", () => {
        const promised = sections(read("SECURITY.md")).find((section) => section.startsWith("What is promised\n"));
        const [, , ...promises] = rows(promised ?? "");
        assert.ok(promises.length > 0);
        for (const promise of promises) {
            assert.notDeepEqual(tests(promise), [], promise);
        }
        tests(read("SECURITY.md"));
    });

    it(`names in ${ATTACKS} a test that exists for each attack`, () => {
        const tables = sections(read(ATTACKS)).filter((section) => rows(section).length > 0);
        assert.ok(tables.length > 0);
        for (const section of tables) {
            const [head, , ...attacks] = rows(section);
            // Without a column for tests, the text before the table names the test of all rows.
            const naming = / test +\|$/.test(head) ? attacks : [section.slice(0, section.indexOf(head))];
            for (const text of naming) {
                assert.notDeepEqual(tests(text), [], text);
            }
        }
        tests(read(ATTACKS));
    });

    it("counts the forged sidecars that are tried", () => {
        const [, counted] = /an `istio-proxy` or `istio-init` of its own: (\d+) fields/.exec(read(ATTACKS)) ?? [];
        assert.equal(Number(counted), FORGERIES.length);
    });

    it("tries as much that passes as is refused, each once", () => {
        const names = { host: "api.partner.example", gateway: { name: "gateway", namespace: "egress" } };
        const refused = [
            ...[...POD_ATTEMPTS, ...FORGERIES, ...OBJECT_ATTEMPTS].map(({ attempt }) => attempt),
            ...[...claims(names), ...openClaims(names), ...gatewayApiClaims(names)].map(({ claim }) => claim),
        ];
        const passes = [
            ...ORDINARY_PODS.map(({ what }) => `a pod with ${what}`),
            ...[...ordinaryWorkloads("image"), ...ORDINARY_OBJECTS].map(({ what }) => what),
            ...[...noClaims(names), ...noGatewayApiClaims(names)].map((object) => JSON.stringify(object)),
        ];
        for (const list of [refused, passes]) {
            assert.deepEqual(
                list.filter((one, index) => list.indexOf(one) !== index),
                [],
            );
        }
        assert.ok(passes.length >= refused.length, `${passes.length} pass, ${refused.length} are refused`);
    });
});
