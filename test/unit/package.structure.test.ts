import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ESLint } from "eslint";

const ROOT = join(__dirname, "../..");
const UNIT = join(ROOT, "test/unit");

/** Tests of no single source, by the reason. */
const OF_NO_SOURCE: Record<string, string> = {
    "review/ruleProperties.test.ts": "every rule of review/rules",
    "outsideText.test.ts":
        "whatever reads text from outside: certificates, previews, configuration, YAML, a proxy's answers",
    "workflows.test.ts": ".github/workflows",
    "workflowScripts.test.ts": ".github/scripts",
};

/** Tests of documents, which are about several pages and README.md. */
const OF_DOCUMENTS = "docs/";

/** `a/b.test.ts` and `a/b.aspect.test.ts` are tests of the file or folder `a/b`. */
function hasSource(test: string): boolean {
    const folder = join(ROOT, dirname(test));
    const [name] = basename(test).split(".");
    return existsSync(folder) && readdirSync(folder).some((entry) => entry.split(".")[0] === name);
}

describe("the tests of the units", () => {
    it("mirror the sources: each is named after the file or folder that it tests", () => {
        const tests = readdirSync(UNIT, { recursive: true, encoding: "utf8" }).filter((file) =>
            file.endsWith(".test.ts"),
        );
        assert.deepEqual(
            tests.filter((test) => !hasSource(test) && !(test in OF_NO_SOURCE) && !test.startsWith(OF_DOCUMENTS)),
            [],
            "name it after its source, or say in OF_NO_SOURCE what it tests",
        );
        assert.deepEqual(
            Object.keys(OF_NO_SOURCE).filter((test) => hasSource(test) || !tests.includes(test)),
            [],
        );
    });
});

describe("the linter", function () {
    this.timeout(60_000);

    /** Rules that a file breaks with one more import. Its rules with types are left out: they take half a minute. */
    async function broken(file: string, imported: string): Promise<string[]> {
        const eslint = new ESLint({
            cwd: ROOT,
            overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: null } } },
            ruleFilter: ({ ruleId }) => ruleId.startsWith("import-x/") || ruleId === "no-restricted-imports",
        });
        const text = `import * as other from ${JSON.stringify(imported)};\nconsole.log(other);\n`;
        const [{ messages }] = await eslint.lintText(text, { filePath: join(ROOT, file) });
        return messages.map(({ ruleId, message }) => ruleId ?? message);
    }

    for (const [file, imported] of [
        ["cli/explain/takeSnapshot.ts", "../adopt/callers"],
        ["plan/egress/probe.ts", "../../components/internal/base64"],
        ["plan/egress/probe.ts", "../../lab/errors"],
        ["components/egress/egressProbe.ts", "../../lab/errors"],
        ["components/egress/egressProbe.ts", "../../review/review"],
        ["review/fields.ts", "../bench/part"],
        ["report/report.ts", "../components/index"],
        ["cli/run.ts", "../lab"],
        ["cli/run.ts", "../stacks/config"],
        ["policy/policies.ts", "../test/support/objects"],
        ["stacks/config.ts", "../bench/part"],
        ["scripts/schema.ts", "../lab/errors"],
        ["lab/errors.ts", "../bench/part"],
        ["lab/errors.ts", "../test/support/objects"],
        ["bench/part.ts", "../test/unit/bench/figures"],
    ]) {
        it(`refuses ${imported} in ${file}`, async () => {
            assert.deepEqual(await broken(file, imported), ["import-x/no-restricted-paths"]);
        });
    }

    it("refuses Pulumi where decisions are made", async () => {
        assert.deepEqual(await broken("plan/egress/probe.ts", "@pulumi/pulumi"), ["no-restricted-imports"]);
        assert.deepEqual(await broken("review/fields.ts", "@pulumi/kubernetes"), ["no-restricted-imports"]);
    });

    it("takes arrows that go down, and the fixtures that the benchmark shares with the tests", async () => {
        for (const [file, imported] of [
            ["components/egress/egressProbe.ts", "../../plan/egress/probe"],
            ["cli/run.ts", "../review"],
            ["lab/errors.ts", "../plan/egress/probe"],
            ["bench/part.ts", "../test/support/certificates"],
        ]) {
            assert.deepEqual(await broken(file, imported), [], `${imported} in ${file}`);
        }
    });

    it("refuses a circle of files", async () => {
        assert.deepEqual(await broken("plan/shared/addressRange.ts", "./openRange"), ["import-x/no-cycle"]);
    });
});

describe("CODEOWNERS", () => {
    const rules = readFileSync(join(ROOT, ".github/CODEOWNERS"), "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => line.split(/ +/));

    it("names folders that there are, and one team that a fork has to replace", () => {
        const folders = rules.map(([pattern]) => pattern).filter((pattern) => pattern !== "*");
        assert.deepEqual(
            folders.filter((pattern) => !/^\/.+\/$/.test(pattern) || !existsSync(join(ROOT, pattern))),
            [],
        );
        assert.equal(new Set(rules.flatMap(([, ...owners]) => owners)).size, 1);
    });

    it("has an owner for every file", () => {
        assert.deepEqual(rules[0].slice(0, 1), ["*"]);
    });
});
