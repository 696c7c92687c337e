import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandRun, fakeKubectl, runCommand } from "../../support/command";

/** One mandatory finding: the server's name is not checked. */
const UNCHECKED = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: egress }
spec:
  host: api.partner.example
  exportTo: ["."]
  trafficPolicy:
    tls:
      mode: SIMPLE
      sni: api.partner.example
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: egress }
spec:
  hosts: [api.partner.example]
  exportTo: ["."]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]
`;
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n";

interface Json {
    findings: { rule: string; severity: string; object: object; path: string; message: string; url: string }[];
    objects: number;
    skipped: { source: string; reason: string }[];
}

const json = ({ out }: CommandRun) => JSON.parse(out) as Json;

describe("mesh-egress review", () => {
    let folder: string;
    const file = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
    };

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-review-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("reads a file once that is named twice, or by itself and by its folder", async () => {
        const own = join(folder, "once");
        mkdirSync(own);
        const file = join(own, "a.yaml");
        writeFileSync(file, UNCHECKED);
        const once = json(await runCommand(["review", file, "-o", "json"]));
        assert.deepEqual(json(await runCommand(["review", file, own, join(own, ".", "a.yaml"), "-o", "json"])), once);
        assert.equal(once.objects, 2);
    });

    it("judges overlays for several clusters each by itself, and tells the line of the right file", async () => {
        mkdirSync(join(folder, "overlays/dev"), { recursive: true });
        mkdirSync(join(folder, "overlays/prod"));
        const named = UNCHECKED.replace(
            "sni: api.partner.example",
            "sni: api.partner.example\n      subjectAltNames: [api.partner.example]",
        );
        file("overlays/dev/egress.yaml", named);
        file("overlays/prod/egress.yaml", `# prod\n${UNCHECKED}`);
        const { out } = await runCommand(["review", folder, "-o", "github"]);
        assert.match(out, /^::error file=[^,]*overlays\/prod\/egress\.yaml,line=11,title=server-name-unchecked::/);
        assert.equal(out.split("\n").length, 1);
        file("overlays/dev/egress.yaml", UNCHECKED);
        const both = json(await runCommand(["review", folder, "-o", "json"]));
        assert.equal(both.findings.length, 1, "the same object twice is not a conflict");
        file("overlays/dev/egress.yaml", `${UNCHECKED}${SERVICE.replace(/^/, "---\n")}`);
        file(
            "overlays/prod/egress.yaml",
            UNCHECKED.replace("mode: SIMPLE", "mode: SIMPLE\n      caCertificates: /a.pem"),
        );
        const { findings, objects, skipped } = json(await runCommand(["review", folder, "-o", "json"]));
        assert.deepEqual(
            findings.map(({ rule }) => rule),
            ["server-name-unchecked", "server-name-unchecked"],
        );
        assert.equal(objects, 5);
        assert.match(skipped[0].reason, /dev, prod define the same objects differently/);
    });

    it("writes findings in the documented form, and ends with 1", async () => {
        const run = await runCommand(["review", file("a.yaml", UNCHECKED), "--output", "json"]);
        assert.equal(run.code, 1);
        const { findings, objects, skipped } = json(run);
        assert.deepEqual([objects, skipped], [2, []]);
        assert.deepEqual(Object.keys(findings[0]), ["rule", "severity", "object", "path", "message", "url"]);
        assert.deepEqual(findings[0].object, {
            apiVersion: "networking.istio.io/v1",
            kind: "DestinationRule",
            namespace: "egress",
            name: "partner",
        });
        assert.equal(findings[0].rule, "server-name-unchecked");
        assert.equal(findings[0].path, "spec.trafficPolicy.tls.sni");
        assert.match(findings[0].url, /server-name-unchecked/);
    });

    it("ends with 0 without a finding, and below --fail-on", async () => {
        const clean = file("clean.yaml", SERVICE);
        assert.deepEqual(json(await runCommand(["review", clean, "-o", "json"])), {
            findings: [],
            objects: 1,
            skipped: [],
        });
        assert.equal((await runCommand(["review", clean])).code, 0);
        const unchecked = file("a.yaml", UNCHECKED);
        assert.equal((await runCommand(["review", unchecked, "--fail-on", "none"])).code, 0);
        assert.equal((await runCommand(["review", unchecked, "--fail-on", "advisory"])).code, 1);
    });

    it("reads folders with what is below them, but no hidden ones, and standard input for -", async () => {
        mkdirSync(join(folder, "deep/deeper"), { recursive: true });
        mkdirSync(join(folder, ".git"));
        file("deep/deeper/a.yml", UNCHECKED);
        file("notes.txt", "no: [yaml");
        file(".git/b.yaml", "no: [yaml");
        assert.equal(json(await runCommand(["review", folder, "-o", "json"])).findings.length, 1);
        const piped = await runCommand(["review", "-", "-o", "json"], { stdin: `${SERVICE}---\n${UNCHECKED}` });
        assert.deepEqual([piped.code, json(piped).objects], [1, 3]);
    });

    for (const [what, text, place] of [
        ["YAML that is cut off", "a: 1\n---\nb: [\n", /broken.yaml:4:1: /],
        ["a template", "a: {{ .Values.a }}\n", /broken.yaml:1:\d+: .*helm template/],
        ["JSON that is cut off", '{\n  "a": [\n', /broken.yaml:3:1: /],
    ] as const) {
        it(`ends with 2 and tells file and line of ${what}`, async () => {
            const { code, out, err } = await runCommand(["review", file("broken.yaml", text)]);
            assert.deepEqual([code, out], [2, ""]);
            assert.match(err, place);
        });
    }

    it("ends with 2 for a template in quotes, which is YAML, but no object", async () => {
        const { code, err } = await runCommand([
            "review",
            file(
                "quoted.yaml",
                `# a\n---\n${UNCHECKED.replace("host: api.partner.example", 'host: "{{ .Values.host }}"')}`,
            ),
        ]);
        assert.equal(code, 2);
        assert.match(err, /quoted\.yaml:2:1: spec\.host is a template\. It looks like a template: render it first, /);
        const alert = SERVICE.replace("Service", "ConfigMap") + 'data: { a: "{{ $labels.host }}" }\n';
        assert.equal((await runCommand(["review", file("alert.yaml", alert)])).code, 0);
    });

    it("skips an object whose name or host has a variable that is not filled in", async () => {
        for (const variable of ["${partner}.example", "$(PARTNER)", "${partner:=api.example}"]) {
            const { findings, skipped } = json(
                await runCommand([
                    "review",
                    file("flux.yaml", UNCHECKED.replace("host: api.partner.example", `host: "${variable}"`)),
                    ...["-o", "json"],
                ]),
            );
            assert.deepEqual(
                findings.filter(({ rule }) => rule !== "plaintext-to-tls-port"),
                [],
            );
            assert.equal(skipped.length, 1);
            assert.match(skipped[0].reason, /^spec\.host is "\$.*review the file with its variables filled in$/);
        }
    });

    it("skips the patches of a kustomization, and says how to review what it builds", async () => {
        mkdirSync(join(folder, "prod"));
        file("base.yaml", SERVICE);
        const inline = "- patch: |\n    - { op: remove, path: /spec }\n  target: { kind: Service }";
        file("prod/kustomization.yaml", `resources: [../base.yaml]\npatches:\n- path: patches/rule.yaml\n${inline}\n`);
        mkdirSync(join(folder, "prod/patches"));
        file(
            "prod/patches/rule.yaml",
            "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: a }\nspec: { exportTo: [.] }\n",
        );
        const run = await runCommand(["review", folder, "-o", "json"]);
        assert.deepEqual([run.code, json(run).objects], [0, 1]);
        const patch = json(run).skipped.find(({ source }) => source.endsWith("rule.yaml"));
        assert.match(
            patch?.reason ?? "",
            /^is a patch of .*prod: review what that builds, with kubectl kustomize .*prod \| /,
        );
    });

    it("ends with 2 for what is not there, nothing at all, and an empty pipe", async () => {
        const missing = await runCommand(["review", join(folder, "missing.yaml")]);
        assert.equal(missing.code, 2);
        assert.match(missing.err, /missing\.yaml: the file or folder does not exist/);
        assert.equal((await runCommand(["review"])).code, 2);
        assert.equal((await runCommand(["review", folder])).code, 2);
        assert.match((await runCommand(["review", "-"], { stdin: " \n" })).err, /<stdin>: is empty/);
    });

    it("asks only the rules of --rule, not those of --skip, and corrects a mistyped one", async () => {
        const unchecked = file("a.yaml", UNCHECKED);
        assert.equal((await runCommand(["review", unchecked, "--skip", "server-name-unchecked"])).code, 0);
        assert.equal((await runCommand(["review", unchecked, "--rule", "double-tls,fallback-lost"])).code, 0);
        const mistyped = await runCommand(["review", unchecked, "--rule", "server-name-uncheked"]);
        assert.equal(mistyped.code, 2);
        assert.match(mistyped.err, /Did you mean server-name-unchecked\?/);
    });

    it("does not count what the baseline knows, says how many that were, and what of it is solved", async () => {
        const unchecked = file("a.yaml", UNCHECKED);
        const baseline = file("baseline.json", (await runCommand(["review", unchecked, "-o", "json"])).out);
        const known = await runCommand(["review", unchecked, "--baseline", baseline]);
        assert.equal(known.code, 0);
        assert.match(known.out, /1 known finding of the baseline not shown/);
        const solved = await runCommand(["review", file("clean.yaml", SERVICE), "--baseline", baseline]);
        assert.match(solved.out, /1 entry of the baseline no longer occur/);
        const wrong = await runCommand(["review", unchecked, "--baseline", unchecked]);
        assert.equal(wrong.code, 2);
        assert.match(wrong.err, /--output json >/);
    });

    it("uses colours only where it is told that it writes to a terminal", async () => {
        const unchecked = file("a.yaml", UNCHECKED);
        const escape = "\u001b[";
        assert.ok(!(await runCommand(["review", unchecked])).out.includes(escape));
        assert.ok((await runCommand(["review", unchecked], { colors: true })).out.includes(escape));
    });

    it("annotates the line of the file for GitHub, and the line that cannot be read", async () => {
        const unchecked = file("a,b.yaml", UNCHECKED);
        const { out } = await runCommand(["review", unchecked, "-o", "github"]);
        assert.match(
            out,
            /^::error file=.*a%2Cb\.yaml,line=10,title=server-name-unchecked::DestinationRule egress\/partner: /,
        );
        assert.equal(out.split("\n").length, 1);
        const broken = await runCommand(["review", file("broken.yaml", "a: [\n"), "-o", "github"]);
        assert.match(broken.out, /^::error file=.*broken\.yaml,line=2,title=unreadable input::/);
    });

    it("writes SARIF in which every result has a rule, a place and a fingerprint that lasts", async () => {
        const unchecked = file("a.yaml", UNCHECKED);
        const log = JSON.parse((await runCommand(["review", unchecked, "-o", "sarif"])).out) as {
            version: string;
            runs: {
                tool: { driver: { name: string; rules: { id: string; helpUri: string }[] } };
                results: {
                    ruleId: string;
                    ruleIndex: number;
                    level: string;
                    message: { text: string };
                    locations: {
                        physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
                    }[];
                    partialFingerprints: Record<string, string>;
                }[];
            }[];
        };
        assert.equal(log.version, "2.1.0");
        const [{ tool, results }] = log.runs;
        assert.ok(tool.driver.rules.length > 20);
        assert.deepEqual(
            tool.driver.rules.filter(({ helpUri }) => !URL.canParse(helpUri)),
            [],
        );
        const [{ ruleId, ruleIndex, level, locations, partialFingerprints }] = results;
        assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
        assert.equal(level, "error");
        const { artifactLocation, region } = locations[0].physicalLocation;
        assert.ok(URL.canParse(artifactLocation.uri, "file:///"));
        assert.equal(region.startLine, 10);
        const moved = file("b.yaml", `# a line more\n${UNCHECKED}`);
        const other = JSON.parse((await runCommand(["review", moved, "-o", "sarif"])).out) as typeof log;
        assert.deepEqual(other.runs[0].results[0].partialFingerprints, partialFingerprints);
    });

    it("only reads a live cluster, and names the kinds that the user may not read", async () => {
        const rule = { ...structuredObject, metadata: { name: "partner", namespace: "egress" } };
        const { kubectl, asked } = fakeKubectl({ "destinationrules.networking.istio.io": [rule], services: [] }, [
            "secrets",
        ]);
        const run = await runCommand(["review", "--cluster", "--context", "prod", "-o", "json"], { kubectl });
        assert.equal(run.code, 1);
        assert.equal(json(run).objects, 1);
        assert.deepEqual(
            json(run).skipped.map(({ source }) => source),
            ["secrets"],
        );
        assert.ok(asked.every((args) => args[0] === "--context" && args[1] === "prod"));
        assert.ok(asked.every((args) => ["api-resources", "get"].includes(args[2])));
    });

    it("ends with 2 where the cluster does not answer", async () => {
        const kubectl = () => Promise.resolve({ code: 1, stdout: "", stderr: "error: connection refused" });
        const { code, err } = await runCommand(["review", "--cluster"], { kubectl });
        assert.equal(code, 2);
        assert.match(err, /connection refused/);
    });
});

const structuredObject = {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    spec: { host: "api.partner.example", trafficPolicy: { tls: { mode: "SIMPLE", sni: "api.partner.example" } } },
};
