import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { attempt } from "../../lab/command";

const ROOT = join(__dirname, "../..");
const UNCHECKED = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: egress }
spec:
  host: api.partner.example
  exportTo: ["."]
  trafficPolicy: { tls: { mode: SIMPLE, sni: api.partner.example } }
`;

interface Action {
    inputs: Record<string, { description: string; default: string }>;
    runs: { using: string; steps: { run: string; env: Record<string, string> }[] };
}

const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as Action;

describe("the GitHub Action", function () {
    this.timeout(60_000);

    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-action-"));
        writeFileSync(join(folder, "egress.yaml"), UNCHECKED);
        writeFileSync(join(folder, "outputs"), "");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the step as the runner does, with the inputs' defaults where none is given. */
    function run(given: Record<string, string> = {}) {
        const inputs = Object.fromEntries(
            Object.entries(action.inputs).map(([name, { default: value }]) => [name, given[name] ?? value]),
        );
        const env = Object.fromEntries(
            Object.entries(action.runs.steps[0].env).map(([name, value]) => [
                name,
                value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/, (_, input: string) => inputs[input]),
            ]),
        );
        return attempt("bash", ["-c", action.runs.steps[0].run], {
            cwd: folder,
            env: {
                ...env,
                GITHUB_ACTION_PATH: ROOT,
                GITHUB_OUTPUT: join(folder, "outputs"),
                MESH_EGRESS: `${join(ROOT, "node_modules/.bin/tsx")} ${join(ROOT, "cli/main.ts")}`,
            },
        });
    }

    it("puts no input into its script, where it would be code", () => {
        assert.equal(action.runs.using, "composite");
        assert.ok(action.runs.steps.every((step) => !step.run.includes("${{")));
    });

    it("annotates the files of the repository and fails the step", async () => {
        const { exitCode, stdout } = await run();
        assert.equal(exitCode, 1);
        assert.match(stdout, /^::error file=egress\.yaml,line=7,title=server-name-unchecked::/m);
    });

    it("reviews what a command prints, and fails where the command does", async () => {
        const piped = await run({ command: "sed s/api.partner/other.partner/ egress.yaml" });
        assert.equal(piped.exitCode, 1);
        assert.match(piped.stdout, /other\.partner\.example/);
        assert.notEqual((await run({ command: "false", "fail-on": "none" })).exitCode, 0);
    });

    it("writes SARIF to the file that its output names", async () => {
        const { exitCode } = await run({ output: "sarif", "sarif-file": "out.sarif", "fail-on": "none" });
        assert.equal(exitCode, 0);
        assert.match(readFileSync(join(folder, "outputs"), "utf8"), /^sarif-file=out\.sarif$/m);
        const log = JSON.parse(readFileSync(join(folder, "out.sarif"), "utf8")) as { version: string };
        assert.equal(log.version, "2.1.0");
    });
});

describe("the pre-commit hook", () => {
    it("runs a command of the package on all files of a commit together", () => {
        const [hook] = parse(readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8")) as Record<string, unknown>[];
        const { bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { bin: Record<string, string> };
        const [runner, isUnasked, command] = String(hook.entry).split(" ");
        assert.deepEqual([runner, isUnasked], ["npx", "--yes"]);
        assert.ok(command in bin);
        // `node` would install the folder of Git, in which nothing is compiled.
        assert.equal(hook.language, "system");
        assert.equal(hook.require_serial, true);
    });
});
