import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { askAzure } from "../../../cli/azure/askAzure";
import { answerOf } from "../../../cli/azure/az";
import { readStackFile } from "../../../cli/azure/stackFile";
import { CommandError } from "../../../cli/commandError";
import { AzureNeeds, missingPrerequisites } from "../../../plan/azure/prerequisites";
import {
    MARKS,
    RUNS,
    assertHidden,
    assertRefusal,
    changed,
    changes,
    filled,
    mostly,
    newSecrets,
    wholeOrDamaged,
    withEndless,
    withReplaced,
} from "../../support/fuzz";
import { READY } from "../../support/standInAz";

const SETTINGS = {
    location: "westeurope",
    adminGroup: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    network: { connectedElsewhere: true },
    cluster: {
        kubernetesVersion: "1.36",
        systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2, maxNodes: 3 },
        egressPool: { vmSize: "Standard_D2ds_v5", minNodes: 2 },
    },
};

describe("azure check", () => {
    const secrets = newSecrets();
    const { pem, token, password } = MARKS;
    const part = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(undefined, "", -1));
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-fuzz-"));
    });

    after(() => rmSync(folder, { recursive: true }));

    it("reads a stack's file, or refuses it without a part of a secret", () => {
        const file = join(folder, "Pulumi.dev.yaml");
        const config = {
            "mesh-egress:azure": SETTINGS,
            "mesh-egress:routes": [{ name: "partner", hosts: ["a.example"], privateKey: pem, certificate: pem }],
            "mesh-egress:mesh": { hub: `https://jane:${password}@registry.example`, values: { global: { token } } },
            "mesh-egress:probe": { path: `/?token=${token}` },
        };
        const secret = fc.constantFrom(pem, token, `https://jane:${password}@registry.example/`);
        const texts = withReplaced(config, fc.oneof(part, secret)).map((value) => stringify({ config: value }));
        const all = wholeOrDamaged(
            fc.oneof(
                { weight: 8, arbitrary: texts },
                { weight: 1, arbitrary: withEndless({ config }) },
                { weight: 1, arbitrary: fc.string() },
            ),
        );
        let [read, refused] = [0, 0];
        fc.assert(
            fc.property(all, ({ text, isDamaged }) => {
                writeFileSync(file, filled(text, secrets));
                try {
                    const { violations } = readStackFile(file);
                    assertHidden(secrets, isDamaged ? "" : violations.join("\n"));
                    read += 1;
                } catch (error) {
                    assertRefusal(error, CommandError, secrets);
                    refused += 1;
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(read > RUNS / 16 && refused > RUNS / 8, `${read} read, ${refused} refused`);
    });

    it("reads what az prints: what is missing and what is unanswered, without a part of a secret", async () => {
        const needs: AzureNeeds = {
            location: "westeurope",
            adminGroup: SETTINGS.adminGroup,
            kubernetesVersion: "1.36",
            addonRevision: "asm-1-30",
            hasAzurePolicy: true,
            pools: [{ vmSize: "Standard_D4ds_v5", maxNodes: 3, zones: ["1"], surge: 1 }],
        };
        const said = fc.constantFrom(
            "",
            "ERROR: Please run 'az login' to setup account.\n",
            `ERROR: the request with Authorization: Bearer ${token} was refused\n`,
            `WARNING: ${pem}`,
        );
        const printed = (answer: unknown) => withReplaced(answer, part).map((value) => JSON.stringify(value));
        const outcome = (answer: unknown) =>
            mostly(
                printed(answer).map((stdout) => ({ error: undefined, stdout, stderr: "" })),
                fc.oneof(
                    said.map((stderr) => ({ error: Object.assign(new Error(), { code: "1" }), stdout: "", stderr })),
                    fc
                        .tuple(printed(answer), changes())
                        .map(([text, made]) => ({ error: undefined, stdout: changed(text, made), stderr: "" })),
                    fc.constant({ error: undefined, stdout: password, stderr: "" }),
                ),
            ) as fc.Arbitrary<Parameters<typeof answerOf>[1]>;
        const outcomes = fc.record(Object.fromEntries(Object.entries(READY).map(([key, one]) => [key, outcome(one)])));
        let [whole, partly, refused] = [0, 0, 0];
        await fc.assert(
            fc.asyncProperty(outcomes, async (answers) => {
                const az = (args: string[]) => {
                    const [words] = args.join(" ").split(" -");
                    assert.ok(
                        args.every((arg) => typeof arg === "string"),
                        String(args),
                    );
                    const { error, stdout, stderr } = answers[words];
                    const told = { error, stdout: filled(stdout, secrets), stderr: filled(stderr, secrets) };
                    return Promise.resolve().then(() => answerOf(args, told));
                };
                try {
                    const { state, unanswered } = await askAzure(az, needs, true);
                    assertHidden(secrets, JSON.stringify([unanswered, missingPrerequisites(needs, state)]));
                    whole += unanswered.length === 0 ? 1 : 0;
                    partly += unanswered.length > 0 ? 1 : 0;
                } catch (error) {
                    assertRefusal(error, CommandError, secrets);
                    refused += 1;
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(whole > 0 && partly > 0 && refused > 0, `${whole} read, ${partly} in part, ${refused} refused`);
    });
});
