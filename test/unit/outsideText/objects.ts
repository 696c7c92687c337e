import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { patchFiles } from "../../../cli/input/kustomize";
import { chain } from "../../support/certificates";
import { runCommand } from "../../support/command";
import {
    Ends,
    Given,
    MARKS,
    RUNS,
    assertHidden,
    damagedInside,
    filled,
    inBase64,
    jsonWith,
    newSecrets,
    wholeOrDamaged,
    withEndless,
    withReplaced,
} from "../../support/fuzz";
import { SECRET_OBJECTS, asApplied } from "../../support/secretObjects";

const NAMES = "hosts http tls match route destination servers ports rules from items metadata spec data".split(" ");
const COMMANDS = [
    ...["text", "json", "sarif", "github"].map((output) => ["review", "-", "--output", output]),
    ...["text", "json"].map((output) => ["adopt", "-", "--output", output]),
    ["adopt", "-", "--language", "yaml"],
];

/** Objects of real layouts, in which parts may be something else. */
function someObjects(): fc.Arbitrary<unknown[]> {
    const part = fc.oneof(jsonWith(...NAMES), fc.constant(undefined));
    const all = fc.subarray([...SECRET_OBJECTS, ...SECRET_OBJECTS.map(asApplied)], { minLength: 1, maxLength: 20 });
    return fc.oneof(
        { weight: 1, arbitrary: all },
        { weight: 2, arbitrary: all.chain((objects) => withReplaced(objects, part)) as fc.Arbitrary<unknown[]> },
    );
}

function texts(): fc.Arbitrary<Given> {
    const all = fc.subarray(SECRET_OBJECTS, { minLength: 1 });
    const written = fc.oneof(
        someObjects().map((objects) => JSON.stringify({ apiVersion: "v1", kind: "List", items: objects })),
        someObjects().map((objects) => JSON.stringify(objects)),
        someObjects().map((objects) =>
            [objects]
                .flat()
                .map((one) => stringify(one))
                .join("---\n"),
        ),
    );
    // A password that YAML takes for something else where no quotation marks are around it.
    const sign = fc.constantFrom(..."*&!@%`{[|>'\"?:-".split(""), "!!", "<<: *", "{{", "&a *");
    const unquoted = sign.map(
        (first) =>
            `apiVersion: v1\nkind: Secret\nmetadata: { name: one }\nstringData:\n  password: ${first}${MARKS.password}\n  token: ${first}${MARKS.token}\n`,
    );
    const others = fc.oneof(
        fc.string(),
        jsonWith(...NAMES).map((value) => JSON.stringify(value)),
    );
    return wholeOrDamaged(
        fc.oneof(
            { weight: 5, arbitrary: written },
            { weight: 1, arbitrary: unquoted },
            { weight: 1, arbitrary: all.chain(withEndless) },
            { weight: 1, arbitrary: others },
        ),
    );
}

describe("objects as YAML and JSON", () => {
    const secrets = newSecrets();
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-fuzz-"));
    });

    after(() => rmSync(folder, { recursive: true }));

    it("are reviewed and adopted, or refused; nothing that is told has a part of a secret", async () => {
        const ends = new Ends(secrets);
        await fc.assert(
            fc.asyncProperty(texts(), fc.constantFrom(...COMMANDS), async ({ text, isDamaged }, command) => {
                ends.add(await runCommand(command, { stdin: filled(text, secrets) }), isDamaged);
            }),
            { numRuns: RUNS },
        );
        const { answered, refused } = ends;
        assert.ok(answered > RUNS / 4 && refused > 0, `${answered} judged, ${refused} refused`);
    });

    it("whole: every secret of theirs is read, and none is told", async () => {
        for (const objects of [SECRET_OBJECTS, SECRET_OBJECTS.map(asApplied)]) {
            const stdin = filled(JSON.stringify(objects), secrets);
            for (const command of COMMANDS) {
                const run = await runCommand(command, { stdin });
                assert.ok(run.code < 2 && run.out !== "", run.err);
                assertHidden(secrets, run.out + run.err);
            }
        }
    });

    it("a Secret's certificate, damaged inside: a finding or none", async () => {
        const { client } = await chain();
        const certificates = fc.oneof(fc.constant(client.certificate), damagedInside(client.certificate));
        let found = 0;
        await fc.assert(
            fc.asyncProperty(certificates, async (certificate) => {
                const data = { "tls.key": inBase64(secrets.pem), "tls.crt": inBase64(secrets.pem + certificate) };
                const stdin = JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "one" }, data });
                const run = await runCommand(["review", "-"], { stdin, now: new Date("2026-12-31T00:00:00Z") });
                assertHidden(secrets, run.out + run.err);
                found += run.out.includes("certificate-near-expiry") ? 1 : 0;
            }),
            { numRuns: RUNS },
        );
        assert.ok(found > RUNS / 8, `only ${found} of ${RUNS} are found to expire`);
    });

    it("a baseline: known findings, or a refusal", async () => {
        const file = join(folder, "baseline.json");
        const stdin = filled(JSON.stringify(SECRET_OBJECTS), secrets);
        const { out } = await runCommand(["review", "-", "--output", "json"], { stdin });
        // An older version may have told more than this one.
        const { findings } = JSON.parse(out) as { findings: object[] };
        const told = findings.slice(0, 4).map((one) => ({ ...one, message: `${MARKS.pem} ${MARKS.token}` }));
        const part = fc.oneof(
            jsonWith("findings", "rule", "object"),
            fc.constantFrom(undefined, MARKS.pem, MARKS.token),
        );
        const whole = withReplaced({ findings: told }, part).map((value) => JSON.stringify(value));
        const none = fc.oneof(fc.constantFrom(MARKS.pem, MARKS.password, JSON.stringify(MARKS.token)), fc.string());
        const baselines = wholeOrDamaged(fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: none }));
        const ends = new Ends(secrets);
        await fc.assert(
            fc.asyncProperty(baselines, async ({ text }) => {
                writeFileSync(file, filled(text, secrets));
                ends.add(await runCommand(["review", "-", "--baseline", file], { stdin }));
            }),
            { numRuns: RUNS },
        );
        const { answered, refused } = ends;
        assert.ok(answered > RUNS / 8 && refused > RUNS / 8, `${answered} read, ${refused} refused`);
    });

    it("a kustomization's patches", () => {
        const names = ["patches", "patchesStrategicMerge", "patchesJson6902", "path"];
        fc.assert(
            fc.property(jsonWith(...names), (value) => void patchFiles("kustomization.yaml", value)),
            { numRuns: RUNS },
        );
    });
});
