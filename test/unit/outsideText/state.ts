import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { CommandError } from "../../../cli/commandError";
import { RELEASE, objectOf, readState } from "../../../cli/recover/exportedState";
import { HelmRecord, isStuck, markedAsFailed } from "../../../cli/recover/helmRecord";
import { ProgramResult } from "../../../cli/input/runProgram";
import { runCommand } from "../../support/command";
import {
    Ends,
    MARKS,
    RUNS,
    assertHidden,
    changed,
    changes,
    damaged,
    filled,
    inBase64,
    jsonWith,
    mostly,
    newSecrets,
    withReplaced,
} from "../../support/fuzz";

const URN = "urn:pulumi:dev::mesh-egress::";
const { pem, pemInBase64, token, password } = MARKS;

/** A Helm record's content. */
function packed(content: string | Buffer): string {
    return inBase64(Buffer.from(content).toString("base64"));
}

describe("a state and what an update left behind", () => {
    const secrets = newSecrets();

    it("a state of the engine: what its resources stand for, or one refusal", () => {
        const value = jsonWith("metadata", "name", "namespace", "apiVersion", "kind");
        const resource = fc.record(
            {
                urn: mostly(fc.constant(`${URN}kubernetes:core/v1:Secret::one`), value),
                type: mostly(fc.constantFrom("kubernetes:core/v1:Secret", RELEASE, "pulumi:pulumi:Stack"), value),
                inputs: value,
            },
            { requiredKeys: ["urn", "type"] },
        );
        const pending = fc.record({ resource, type: fc.constantFrom("creating", "updating") });
        const deployment = fc.record(
            {
                resources: mostly(fc.array(resource, { maxLength: 3 }), value),
                pending_operations: mostly(fc.array(pending, { maxLength: 3 }), value),
            },
            { requiredKeys: [] },
        );
        const texts = fc
            .record({ version: fc.constant(3), deployment: mostly(deployment, value) })
            .map((state) => JSON.stringify(state));
        let read = 0;
        fc.assert(
            fc.property(fc.oneof({ weight: 6, arbitrary: texts }, texts.chain(damaged), fc.string()), (text) => {
                try {
                    const { resources = [], pending_operations = [] } = readState(text).deployment;
                    [...resources, ...pending_operations.map((one) => one.resource)].forEach(objectOf);
                    read += resources.length > 0 ? 1 : 0;
                } catch (error) {
                    assert.ok(error instanceof CommandError, String(error));
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(read > RUNS / 16, `only ${read} of ${RUNS} states have a resource`);
    });

    it("a record of Helm: marked as failed, or refused without a part of its values", () => {
        const status = "pending-upgrade";
        const release = JSON.stringify({ name: "one", info: { status }, config: { ...secrets } });
        const whole = packed(gzipSync(release));
        const cut = fc.nat({ max: 60 }).map((length) => packed(gzipSync(release).subarray(0, length)));
        const contents = fc.oneof(
            fc.constant(whole),
            damaged(whole),
            damaged(release).map((text) => packed(gzipSync(text))),
            cut,
            fc.string().map(packed),
            fc.string(),
        );
        const labels = { name: "one", owner: "helm", status, version: "2" };
        const metadata = { name: "sh.helm.release.v1.one.v2", namespace: "two", labels };
        const data = fc.oneof(
            { weight: 9, arbitrary: contents.map((content) => ({ release: content })) },
            fc.constantFrom({}, undefined),
        );
        let failed = 0;
        fc.assert(
            fc.property(data, (given) => {
                try {
                    const marked = markedAsFailed({
                        apiVersion: "v1",
                        kind: "Secret",
                        metadata,
                        data: given,
                    } as HelmRecord);
                    assert.ok(!isStuck(marked));
                    failed += 1;
                } catch (error) {
                    assert.ok(error instanceof CommandError, String(error));
                    assert.match(error.message, /sh\.helm\.release\.v1\.one\.v2/);
                    assertHidden(secrets, error.message);
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(failed > 0 && failed < RUNS, `${failed} of ${RUNS}`);
    });

    it("what kubectl and pulumi print to recover: what is found, or a refusal, without a part of a secret", async () => {
        const inputs = (kind: string, more: object) => ({
            ...{ apiVersion: "v1", kind, metadata: { name: "one", namespace: "istio-egress" } },
            ...more,
        });
        const resource = {
            urn: `${URN}kubernetes:core/v1:Secret::one`,
            type: "kubernetes:core/v1:Secret",
            inputs: inputs("Secret", { stringData: { "tls.key": pem, password, token } }),
            outputs: { metadata: { uid: "1" } },
        };
        const release = {
            urn: `${URN}${RELEASE}::istiod`,
            type: RELEASE,
            inputs: { name: "istiod", namespace: "istio-system", values: { password, token, key: pem } },
        };
        const begun = (one: object) => ({ resource: one, type: "creating" });
        const state = {
            version: 3,
            deployment: { resources: [resource, release], pending_operations: [begun(resource), begun(release)] },
        };
        const metadata = { uid: "1", creationTimestamp: "2026-06-15T12:00:00Z" };
        const live = {
            ...inputs("Secret", { data: { "tls.key": pemInBase64 } }),
            metadata: { ...metadata, managedFields: [{ manager: "pulumi-kubernetes-0f3a", operation: "Apply" }] },
        };
        const status = "pending-install";
        const labels = { name: "istiod", owner: "helm", status, version: "1" };
        const content = JSON.stringify({ name: "istiod", info: { status }, config: { ...secrets } });
        const record = {
            ...inputs("Secret", { data: { release: packed(gzipSync(content)) } }),
            metadata: { name: "sh.helm.release.v1.istiod.v1", namespace: "istio-system", labels },
        };
        const part = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(undefined, ""));
        const printed = (value: unknown) =>
            mostly(
                fc
                    .oneof(fc.constant(value), withReplaced(value, part))
                    .map((one) => ({ code: 0, stdout: JSON.stringify(one), stderr: "" })),
                fc.oneof(
                    changes().map((made) => ({
                        ...{ code: 0, stdout: changed(JSON.stringify(value), made), stderr: "" },
                        isDamaged: true,
                    })),
                    fc.constantFrom("", pem, password).map((stdout) => ({ code: 0, stdout, stderr: "" })),
                    fc
                        .constantFrom(
                            "",
                            "error: failed to load checkpoint: EOF",
                            `error: bigger context ...|"${pemInBase64}"|...`,
                            `error: Bearer ${token}`,
                        )
                        .map((stderr) => ({ code: 1, stdout: "", stderr })),
                ),
            ) as fc.Arbitrary<ProgramResult & { isDamaged?: boolean }>;
        const answers = fc.record({
            export: printed(state),
            live: printed({ items: [live] }),
            records: printed({ items: [record] }),
            import: printed({ result: "succeeded" }),
            whoami: printed({ user: "jane", url: "https://api.pulumi.com/jane" }),
        });
        const command = fc.constantFrom(["--yes"], ["--output", "json"], []);
        const ends = [0, 0, 0];
        await fc.assert(
            fc.asyncProperty(answers, command, async (given, args) => {
                const answer = (name: keyof typeof given) => {
                    const { code, stdout, stderr } = given[name];
                    const told = { code, stdout: filled(stdout, secrets), stderr: filled(stderr, secrets) };
                    return Promise.resolve(told);
                };
                const run = await runCommand(["recover", "--stack", "dev", ...args], {
                    kubectl: (asked) => answer(asked.includes("secrets") ? "records" : "live"),
                    pulumi: () => (asked) =>
                        answer(asked[0] === "whoami" ? "whoami" : asked[1] === "export" ? "export" : "import"),
                });
                // Damage can make a secret a name, which is told; a refusal tells none.
                const isDamaged = Object.values(given).some(({ isDamaged: one }) => one);
                assertHidden(secrets, isDamaged && run.code < 2 ? "" : run.out + run.err);
                ends[run.code] += 1;
            }),
            { numRuns: RUNS },
        );
        assert.ok(Math.min(...ends) > 0, `ended with 0, 1 and 2: ${ends.join(", ")}`);
    });

    it("a stack's certificates: a list, or a refusal", async () => {
        const details = {
            ...{
                name: "client",
                subject: "CN=app",
                issuer: "CN=chain",
                subjectAltNames: ["a.example"],
                serial: "0a0b",
            },
            ...{ notBefore: "2026-01-01T00:00:00Z", notAfter: "2026-06-01T00:00:00Z", renewFrom: "2026-05-20" },
        };
        const values = withReplaced([details, details], fc.jsonValue({ maxDepth: 1 }));
        const ends = new Ends(secrets);
        await fc.assert(
            fc.asyncProperty(values, fc.constantFrom("text", "json"), async (value, output) => {
                const outputs = () => Promise.resolve({ certificates: { value } });
                const preview = () => Promise.reject(new Error("not asked"));
                const openStack = () => Promise.resolve({ outputs, preview });
                ends.add(await runCommand(["certificates", "--stack", "dev", "--output", output], { openStack }));
            }),
            { numRuns: RUNS },
        );
        const { answered, refused } = ends;
        assert.ok(answered > 0 && refused > 0, `${answered} listed, ${refused} refused`);
    });
});
