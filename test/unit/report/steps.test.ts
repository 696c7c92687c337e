import assert from "node:assert/strict";
import { previewReport } from "../../../report";
import { stepsOfPreview } from "../../../report/steps";
import { route, urn } from "../../support/previewSteps";

const TYPE = "kubernetes:networking.istio.io/v1:ServiceEntry";

/** A resource's state as `pulumi preview --json` writes it. */
function state(name: string, inputs: object, more: object = {}) {
    return { urn: urn(TYPE, name), custom: true, type: TYPE, inputs, outputs: inputs, provider: "p::1", ...more };
}

const [entry] = route(["api.partner.example"]).filter(({ kind }) => kind === "ServiceEntry");
const moved = { ...entry, spec: { ...entry.spec, ports: [{ number: 80, targetPort: 8443 }] } };

/** The shape of the engine's `PreviewDigest`, as its documentation has it. */
const digest = {
    config: { "mesh-egress:pki": "certManager" },
    steps: [
        { op: "same", urn: urn("pulumi:pulumi:Stack", "dev"), oldState: {}, newState: {}, detailedDiff: null },
        {
            op: "update",
            urn: urn(TYPE, "api"),
            provider: "p::1",
            oldState: state("api", entry, { created: "2026-01-01T00:00:00Z", modified: "2026-01-01T00:00:00Z" }),
            newState: state("api", moved),
            diffReasons: ["spec", "spec.ports[0]"],
            detailedDiff: { "spec.ports[0].targetPort": { kind: "update", inputDiff: false } },
        },
        {
            op: "replace",
            urn: urn("kubernetes:core/v1:Service", "front"),
            oldState: state("front", {}),
            newState: state("front", {}),
            diffReasons: ["metadata", "spec"],
            replaceReasons: ["metadata"],
        },
        { op: "delete", urn: urn("kubernetes:core/v1:Service", "gone"), oldState: state("gone", {}) },
    ],
    diagnostics: [{ message: "a-word-that-nobody-may-see", severity: "warning" }],
    duration: 1_000_000_000,
    changeSummary: { same: 1, update: 1, replace: 1, delete: 1 },
    maybeCorrupt: false,
};

describe("stepsOfPreview", () => {
    it("reads steps with their states, and the reasons that force a replacement before others", () => {
        const steps = stepsOfPreview(JSON.stringify(digest));
        assert.deepEqual(
            steps.map(({ op, reasons }) => [op, reasons]),
            [
                ["same", []],
                ["update", ["spec"]],
                ["replace", ["metadata"]],
                ["delete", []],
            ],
        );
        assert.deepEqual(steps[1].after?.inputs.spec, moved.spec);
        assert.equal(steps[3].after, undefined);
    });

    it("makes a report of them, and says nothing of diagnostics and configuration", () => {
        const { markdown, html } = previewReport(JSON.stringify(digest), { stack: "dev", now: new Date() });
        assert.match(markdown, /^- `~ api\.partner\.example`: port `443` → `8443`/m);
        assert.match(markdown, /^- `± front`: `Service` core, for `metadata`$/m);
        assert.match(markdown, /^- `- gone`: `Service` core$/m);
        assert.doesNotMatch(markdown + html, /nobody-may-see|certManager/);
    });

    it("takes a preview without a change, which has no steps", () => {
        const text = JSON.stringify({ changeSummary: {}, duration: 1 });
        assert.match(previewReport(text, { stack: "dev", now: new Date() }).markdown, /Nothing changes\./);
    });

    it("refuses anything else in one line, which says what to write and repeats nothing of the file", () => {
        const secret = "s3cr3t";
        const files: Record<string, RegExp> = {
            "": /it is not JSON/,
            [`Previewing update (${secret})`]: /it is not JSON/,
            [`{"sequence":1,"${secret}":1}\n{"sequence":2}`]: /it is an event log/,
            "{}": /it has no list "steps"/,
            [JSON.stringify([secret])]: /it has no list "steps"/,
            [JSON.stringify({ steps: secret })]: /it has no list "steps"/,
            [JSON.stringify({ steps: [{ op: "same", urn: "u" }, { op: secret }] })]: /steps\[1\] has no "op" and "urn"/,
            [JSON.stringify({ version: 3, deployment: { resources: [secret] } })]: /it has no list "steps"/,
        };
        for (const [file, problem] of Object.entries(files)) {
            assert.throws(
                () => stepsOfPreview(file),
                ({ message }: Error) =>
                    problem.test(message) &&
                    /pulumi preview --json --show-sames > preview\.json/.test(message) &&
                    !message.includes("\n") &&
                    !message.includes(secret),
                file,
            );
        }
    });
});
