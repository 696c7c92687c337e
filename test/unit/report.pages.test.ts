import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_EDGES, MAX_NODES, diagramOf } from "../../report/diagram";
import { changesOf } from "../../report/changes";
import { hostChanges } from "../../report/hosts";
import { htmlPage } from "../../report/html";
import { COMMENT_CHARACTERS, markdownPage } from "../../report/markdown";
import { mermaid } from "../../report/mermaid";
import { reportOf } from "../../report/report";
import { Step, stepsOfEvents } from "../../report/steps";
import { previewReport } from "../../report";
import { route, step, steps, urn } from "../support/previewSteps";

const NOW = new Date("2026-01-01T00:00:00Z");
const SPECIAL = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const report = (all: Step[]) => reportOf(all, { stack: "dev", now: NOW });
const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.partner${index % 40}.example`);

/** A preview as a file and as events, of steps whose values may be the engine's special ones. */
function both(all: { op: string; urn: string; old?: unknown; new?: unknown }[]) {
    const file = JSON.stringify({
        steps: all.map(({ op, urn, old, new: after }) => ({ op, urn, oldState: old, newState: after })),
    });
    const events = all.map((metadata) => ({ sequence: 0, timestamp: 0, resourcePreEvent: { metadata } }));
    return [file, events as unknown as Parameters<typeof stepsOfEvents>[0]];
}

describe("the report's pages", () => {
    it("have replacements and deletions first, then the hosts", () => {
        const all = [
            ...steps(route(["old.partner.example"]), route(["api.partner.example"])),
            step("replace", urn("kubernetes:core/v1:Service", "front"), {}, {}),
        ];
        const markdown = markdownPage(report(all));
        const order = ["### Replaced and deleted", "`± front`", "### Hosts", "### Egress paths", "### Opened"];
        const places = order.map((text) => markdown.indexOf(text));
        assert.ok(!places.includes(-1), markdown);
        assert.deepEqual(
            places,
            places.toSorted((one, other) => one - other),
        );
        assert.match(
            markdown,
            /^- `\+ api\.partner\.example`: mTLS, certificate `partner-a`, callers `payments\/billing`/m,
        );
        assert.match(markdown, /^- `- old\.partner\.example`: closed to `payments\/billing`$/m);
        const html = htmlPage(report(all));
        assert.match(
            html.replaceAll("<wbr>", ""),
            /<b>api\.partner\.example<\/b><span>mTLS, certificate <code>partner-a<\/code>/,
        );
        assert.ok(html.indexOf("Replaced and deleted") < html.indexOf("<h2>Hosts "));
    });

    it("tell until when a certificate lasts, and its successor", () => {
        const cert = urn("tls:index/locallySignedCert:LocallySignedCert", "client");
        const inputs = { validityPeriodHours: 48 };
        const all = [step("replace", cert, inputs, inputs, { validityEndTime: "2026-01-01T10:00:00Z" })];
        assert.match(
            markdownPage(report(all)),
            /`± client`: certificate, the current one is valid until 2026-01-01 10:00 UTC, updated now, the new one is valid until about 2026-01-03 00:00 UTC/,
        );
    });

    it("never have a secret, wherever it is in a step and however it is marked", () => {
        const token = fc.stringMatching(/^[a-z0-9]{16,32}$/).map((text) => `s3cr3t${text}`);
        const place = fc.constantFrom("marked", "data", "values", "pem", "whole");
        fc.assert(
            fc.property(token, place, fc.constantFrom("create", "update", "replace", "delete"), (secret, where, op) => {
                const mark = { [SPECIAL]: SECRET, plaintext: JSON.stringify(secret), ciphertext: secret };
                const [entry, ...others] = route(["api.partner.example"]).reverse();
                const pem = `-----BEGIN PRIVATE KEY-----\n${secret}`;
                const spec = {
                    marked: { ...entry.spec, endpoints: [{ address: mark }], hosts: ["api.partner.example", mark] },
                    pem: { ...entry.spec, endpoints: [{ address: pem }] },
                    whole: mark,
                    data: entry.spec,
                    values: entry.spec,
                }[where];
                const rest = where === "data" ? { data: { key: secret }, stringData: { [secret]: secret } } : {};
                const state = (inputs: object) => ({ inputs, outputs: { ...inputs, privateKeyPem: secret } });
                const step = (type: string, inputs: object) => ({
                    op,
                    urn: urn(type, "one"),
                    ...(op !== "create" && { old: state(inputs) }),
                    ...(op !== "delete" && { new: state(inputs) }),
                    diffs: [`data.${secret}`, `stringData["${secret}"]`],
                });
                const previews = both([
                    step("kubernetes:networking.istio.io/v1:ServiceEntry", { ...entry, spec }),
                    ...others.map((object) => step(`kubernetes:${object.apiVersion}:${object.kind}`, object)),
                    step("kubernetes:core/v1:Secret", {
                        metadata: { name: "partner-a", namespace: "istio-egress", annotations: { note: secret } },
                        type: "kubernetes.io/tls",
                        ...rest,
                    }),
                    step("kubernetes:helm.sh/v3:Release", {
                        values: { secret, meshConfig: { outboundTrafficPolicy: { mode: secret } } },
                    }),
                    step("tls:index/locallySignedCert:LocallySignedCert", {
                        validityPeriodHours: secret,
                        caPrivateKeyPem: mark,
                    }),
                    step("mesh-egress:index:EgressCredential", { privateKey: mark, certificate: secret }),
                ]);
                for (const preview of previews) {
                    const { markdown, html } = previewReport(preview, { stack: "dev", now: NOW });
                    assert.ok(markdown.includes("kubernetes.io") || markdown.includes("EgressCredential"));
                    assert.ok(!markdown.includes(secret) && !html.includes(secret), `${where} ${op}`);
                }
            }),
        );
    });

    it("cannot be broken out of by any name", () => {
        fc.assert(
            fc.property(fc.string({ minLength: 1 }), (text) => {
                const hostile = `${text}"]<script>\`|@everyone\n# x`;
                const all = steps([], route([`${hostile}.example`], { credential: hostile }));
                const page = report([...all, step("create", urn("a:b:C", hostile), undefined, {})]);
                assert.ok(!htmlPage(page).includes("<script"));
                for (const line of markdownPage(page).split("\n")) {
                    assert.doesNotMatch(line, /^# |<script/);
                    assert.ok(line.startsWith("```") || line.split("`").length % 2 === 1, line);
                }
            }),
        );
    });

    it("fit a comment however much changes, and say where the rest is", () => {
        const sizes = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 2_000, max: COMMENT_CHARACTERS }));
        fc.assert(
            fc.property(sizes, ([count, limit]) => {
                const page = report(steps([], count === 0 ? [] : hosts(count).flatMap((host) => route([host]))));
                const markdown = markdownPage(page, { limit, rest: "the run's artifacts" });
                const whole = markdownPage(page, { limit: Infinity });
                assert.ok(markdown.length <= limit);
                assert.equal(markdown.includes("The complete report is in the run's artifacts"), whole.length > limit);
                assert.equal(markdown.split("```").length % 2, 1);
                assert.equal(markdown.split("<details>").length, markdown.split("</details>").length);
            }),
            { numRuns: 15 },
        );
    });
});

describe("diagramOf", () => {
    it("stays readable at 300 hosts, and keeps the few that change apart", () => {
        const before = hosts(300).flatMap((host, index) =>
            route([host], { allowFrom: [{ namespace: `team${index % 50}`, serviceAccounts: ["app"] }] }),
        );
        const after = [...before.slice(3), ...route(["new.partner.example"])];
        const diagram = diagramOf(hostChanges(changesOf(steps(before, after))));
        for (const nodes of [diagram.callers, diagram.gateways, diagram.hosts]) {
            assert.ok(nodes.length > 0 && nodes.length <= MAX_NODES, String(nodes.length));
        }
        const text = mermaid(diagram);
        assert.match(text, /"\+\u00a0new\.partner\.example"\]:::create/);
        assert.match(text, /"-\u00a0h0\.partner0\.example"\]:::delete/);
        assert.match(text, /"299 hosts"\]:::same/);
        assert.ok(text.length < 50_000 && diagram.edges.length < 500, "Mermaid's own limits");
    });

    it("has no column longer than one can read, whatever changes", () => {
        const some = fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { maxLength: 60 });
        fc.assert(
            fc.property(some, some, (old, now) => {
                const objects = (numbers: number[]) =>
                    numbers.flatMap((number) =>
                        route([`h${number}.d${number % 30}.example`], {
                            allowFrom: [{ namespace: `n${number % 25}`, serviceAccounts: [`a${number}`] }],
                        }),
                    );
                const { callers, gateways, hosts, edges } = diagramOf(
                    hostChanges(changesOf(steps(objects(old), objects(now)))),
                );
                assert.ok([callers, gateways, hosts].every(({ length }) => length <= MAX_NODES));
                const ids = [...callers, ...gateways, ...hosts].map(({ id }) => id);
                assert.ok(edges.every(({ from, to }) => ids.includes(from) && ids.includes(to)));
            }),
            { numRuns: 40 },
        );
    });
});

describe("the Markdown page at 1,000 hosts", () => {
    it("is cut after whole lines, keeps what is lost first and some of each part, and counts what it left out", () => {
        const objects = hosts(1_000).flatMap((host) => route([host]));
        const [gone, kept] = [objects.slice(0, 2_000), objects.slice(2_000)];
        const added = hosts(500).flatMap((host) => route([`new-${host}`]));
        const page = report(steps([...gone, ...kept], [...kept, ...added]));
        const rest = "https://ci.example/runs/1#artifacts";
        const [whole, markdown] = [markdownPage(page, { limit: Infinity }), markdownPage(page, { rest })];
        assert.ok(whole.length > 3 * COMMENT_CHARACTERS && markdown.length <= COMMENT_CHARACTERS);
        assert.ok(markdown.length > 0.95 * COMMENT_CHARACTERS, `only ${markdown.length} characters are used`);
        const lines = (text: string) => text.split("\n").filter((line) => /^- `/.test(line));
        const wholeLines = new Set(lines(whole));
        assert.deepEqual(
            lines(markdown).filter((line) => !wholeLines.has(line)),
            [],
            "no line is cut",
        );
        const first = lines(markdown)[0];
        assert.equal(first, lines(whole)[0]);
        assert.match(first, /^- `- /);
        for (const title of ["### Replaced and deleted", "### Hosts", "```mermaid", "### Opened and", "Updated and"]) {
            assert.ok(markdown.includes(title), title);
        }
        const left = lines(whole).length - lines(markdown).length;
        assert.ok(
            markdown.endsWith(
                `: ${left} lines are left out. The complete report is in [the whole report](${rest})._\n`,
            ),
        );
        const counted = [...markdown.matchAll(/^- and (\d+) more$/gm)].reduce(
            (sum, [, count]) => sum + Number(count),
            0,
        );
        assert.equal(counted, left);
    });

    it("is whole where it fits, and links to no address that could break out of the note", () => {
        assert.doesNotMatch(markdownPage(report(steps([], route(["api.partner.example"])))), /left out/);
        const markdown = markdownPage(report(manyNew()), { limit: 3_000, rest: "https://x.example/)[a](b" });
        assert.doesNotMatch(markdown, /\[the whole report\]/);
    });

    it("has a diagram below Mermaid's limits however many gateways and callers there are", () => {
        const all = hosts(1_000).flatMap((host, index) =>
            route([host], {
                gateway: { name: `gateway-${index % 60}`, namespace: `egress-${index % 60}` },
                allowFrom: Array.from({ length: 16 }, (_, team) => ({ namespace: `team${team}` })),
            }),
        );
        for (const preview of [steps([], all), steps(all, all.slice(4)), steps(all.slice(0, 64), [])]) {
            const { diagram } = report(preview);
            assert.ok(diagram.edges.length <= MAX_EDGES, String(diagram.edges.length));
            assert.ok(diagram.gateways.length <= MAX_NODES, String(diagram.gateways.length));
            assert.ok(mermaid(diagram).length < 50_000);
        }
    });

    const manyNew = () =>
        steps(
            [],
            hosts(100).flatMap((host) => route([host])),
        );
});
