import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { binary } from "../../lab/build/build";
import { attempt } from "../../lab/command";
import { findOnPath } from "../../lab/engine/findOnPath";
import { RawObject, objectRef } from "../../review/rawObject";
import { allRules } from "../../review";
import { REFUSED_CASES, RefusedCase } from "../support/refusedCases";
import { rulePage } from "../support/rulePages";

const ROOT = join(__dirname, "../..");

/** What `istioctl analyze` says of a rule's first example and not of its second, without a cluster. */
const ALSO_FOUND: Record<string, string[]> = {
    "deny-http-attributes": ["IST0133"],
    "duplicate-match": ["IST0130", "IST0131"],
    "gateway-in-other-namespace": ["IST0101", "IST0132"],
    "gateway-not-found": ["IST0101", "IST0132"],
    "host-not-served": ["IST0132"],
    // About the rule without caCertificates, which the second example does not have, and not about the mistake.
    "origination-and-passthrough": ["IST0128"],
    "refused-by-istio": ["IST0106"],
    // About a TCP port without addresses, and not about the mistake.
    "route-not-for-port": ["IST0134"],
    "subset-not-in-rule": ["IST0101"],
    "subset-without-rule": ["IST0101"],
};

describe("istioctl analyze beside mesh-egress review", function () {
    this.timeout(180_000);
    const istioctl = binary("istioctl") ?? findOnPath("istioctl");
    let folder: string;

    before(async function () {
        if (istioctl === undefined) {
            this.skip();
        }
        folder = await mkdtemp(join(tmpdir(), "istioctl-"));
    });
    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    it("warns of the sample of the README, and in the same words of the sample without its mistake", async () => {
        const sample = join(ROOT, "docs/samples/by-hand.yaml");
        assert.deepEqual(await codes(sample), ["IST0129"]);
        const mended = join(folder, "mended.yaml");
        const text = readFileSync(sample, "utf8");
        const named = text.replace(/^( *)sni: (.*)$/m, "$1sni: $2\n$1subjectAltNames: [$2]");
        assert.notEqual(named, text);
        await writeFile(mended, named);
        assert.deepEqual(await codes(mended), ["IST0129"]);
    });

    it("has the analyzers that the page lists", async () => {
        const { stdout, stderr } = await attempt(istioctl ?? "", ["analyze", "-L"]);
        const names = [...(stdout + stderr).matchAll(/^\* ([^:]+):$/gm)]
            .map(([, name]) => name)
            .map((name) => name.replace(/^schema\.ValidationAnalyzer\..*/, "schema.ValidationAnalyzer"));
        const page = readFileSync(join(ROOT, "docs/istioctl.md"), "utf8");
        const rows = [...page.matchAll(/^\| `([^`]+)` +\|[^|]*\|([^|]*)\|/gm)];
        assert.deepEqual(
            rows.map(([, name]) => name),
            [...new Set(names)].sort(),
        );
        const ids = allRules().map(({ id }) => id);
        const told = rows.flatMap(([, , rules]) => [...rules.matchAll(/`([^`]+)`/g)].map(([, id]) => id));
        assert.deepEqual(
            told.filter((id) => !ids.includes(id)),
            [],
        );
    });

    it("tells few of the rules' examples from their corrections, on files", async () => {
        const found: Record<string, string[]> = {};
        for (const { id } of allRules()) {
            const page = rulePage(id);
            const [wrong, right] = [await codesOf(page.found), await codesOf(page.correct)];
            const own = wrong.filter((code) => !right.includes(code));
            if (own.length > 0) {
                found[id] = own;
            }
        }
        assert.deepEqual(found, ALSO_FOUND);
    });

    it("refuses the same values as the rule refused-by-istio", async () => {
        const validated = async (pick: (one: RefusedCase) => RawObject) => {
            const named = REFUSED_CASES.map((one, index) => {
                const object = pick(one);
                // A Gateway's own name may be what is wrong.
                const name = `${objectRef(object).name}-${index}`;
                return { ...object, metadata: { name, namespace: "app" } };
            });
            const file = join(folder, "refused.yaml");
            await writeFile(file, named.map((object) => dump(object)).join("---\n"));
            return attempt(istioctl ?? "", ["validate", "-f", file]);
        };
        const { stdout, stderr } = await validated(({ broken }) => broken);
        assert.deepEqual(
            REFUSED_CASES.filter((_, index) => !(stdout + stderr).includes(`-${index}: `)).map(({ what }) => what),
            [],
        );
        // Its warnings are not what the webhook refuses.
        const sound = await validated((one) => one.sound);
        assert.equal(sound.exitCode, 0, sound.stderr);
    });

    async function codesOf(objects: RawObject[]): Promise<string[]> {
        const file = join(folder, "objects.yaml");
        await writeFile(file, objects.map((object) => dump(object)).join("---\n"));
        return codes(file);
    }

    async function codes(file: string): Promise<string[]> {
        const args = ["analyze", "--use-kube=false", "--all-namespaces", "--output", "json", file];
        const { stdout } = await attempt(istioctl ?? "", args);
        const messages = JSON.parse(stdout) as { code: string }[];
        return [...new Set(messages.map(({ code }) => code))].sort();
    }
});
