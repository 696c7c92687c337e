import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Output, attempt } from "../../lab/command";
import { FakeGithub } from "../support/fakeGithub";

const ROOT = join(__dirname, "../..");
// The workflows run the scripts with Node 24, which takes TypeScript; tests run with Node 20 too.
const NODE_OPTIONS = "--import tsx";

describe("the workflows' scripts", function () {
    this.timeout(60_000);

    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-workflows-"));
    });

    afterEach(() => rm(folder, { recursive: true }));

    describe("github.mts", () => {
        let github: FakeGithub;
        let address: string;

        beforeEach(async () => {
            github = new FakeGithub("token-of-the-job");
            address = await github.start();
        });

        afterEach(() => github.stop());

        async function run(args: string[], reports: Record<string, string> = {}, token = "token-of-the-job") {
            await rm(join(folder, "reports"), { recursive: true, force: true });
            for (const [stack, page] of Object.entries(reports)) {
                await mkdir(join(folder, "reports", `report-${stack}`), { recursive: true });
                await writeFile(join(folder, "reports", `report-${stack}`, "report.md"), page);
            }
            return attempt(process.execPath, [join(ROOT, ".github/scripts/github.mts"), ...args], {
                cwd: ROOT,
                env: { NODE_OPTIONS, GITHUB_API_URL: address, GITHUB_REPOSITORY: "owner/name", GITHUB_TOKEN: token },
            });
        }

        const comment = (reports: Record<string, string>, complete = "true") =>
            run(
                ["comment", "--number", "7", "--reports", join(folder, "reports"), "--complete", complete],
                reports,
            ).then(succeeded);
        const issue = (reports: Record<string, string>, complete = "true") =>
            run(["issue", "--reports", join(folder, "reports"), "--complete", complete], reports).then(succeeded);

        it("writes one comment with the reports of all stacks, and edits it after the next push", async () => {
            await comment({ dev: "## dev, first", prod: "## prod, first" });
            assert.match(github.comments[0].body, /## dev, first\n\n## prod, first/);
            await comment({ dev: "## dev, second" });
            assert.equal(github.comments.length, 1);
            assert.match(github.comments[0].body, /## dev, second/);
            assert.doesNotMatch(github.comments[0].body, /first/);
            assert.deepEqual(github.changes, ["POST issues/7/comments", "PATCH issues/comments/1"]);
        });

        it("finds its comment behind a hundred others, and leaves a person's with the same marker alone", async () => {
            await comment({ dev: "mine" });
            const [{ body }] = github.comments.splice(0);
            for (let id = 1; id <= 150; id++) {
                github.comments.push({ id, number: id, body: id === 1 ? body : "talk", user: { login: "person" } });
            }
            github.comments.push({ id: 151, number: 151, body, user: { login: "github-actions[bot]" } });
            await comment({ dev: "edited" });
            assert.equal(github.comments.length, 151);
            assert.equal(github.comments[0].body, body);
            assert.match(github.comments[150].body, /edited/);
        });

        it("says in the comment that a preview failed", async () => {
            await comment({ dev: "## dev" }, "false");
            assert.match(github.comments[0].body, /A preview failed/);
        });

        it("keeps a comment to the size that GitHub takes, and names what is not in it", async () => {
            const page = "x".repeat(30_000);
            await comment({ dev: page, prod: page, staging: `## staging ${page}` });
            const [{ body }] = github.comments;
            assert.ok(body.length <= 65_536 && body.length > 60_000, `${body.length}`);
            assert.match(body, /## Preview of `staging`\n\nToo long for this/);
        });

        it("opens one issue when something drifts, edits it while it does, closes it when nothing does", async () => {
            await issue({ dev: "## dev drifted" });
            assert.equal(github.issues[0].title, "Drift in dev");
            await issue({ dev: "## dev drifted", prod: "## prod drifted" });
            assert.equal(github.issues.length, 1);
            assert.equal(github.issues[0].title, "Drift in dev, prod");
            assert.match(github.issues[0].body, /## dev drifted\n\n## prod drifted/);
            await issue({});
            assert.equal(github.issues[0].state, "closed");
            await issue({});
            assert.deepEqual(github.changes.slice(2), ["POST issues/1/comments", "PATCH issues/1"]);
            await issue({ dev: "## dev again" });
            assert.equal(github.issues.length, 2);
        });

        it("does not close the issue while a stack could not be looked at", async () => {
            await issue({ dev: "## dev drifted" });
            await issue({}, "false");
            assert.notEqual(github.issues[0].state, "closed");
        });

        it("finds the commit that an environment was last updated to", async () => {
            github.deployments = [
                deployment(4, "d", { states: ["waiting"] }),
                deployment(3, "c", { states: ["failure", "in_progress"] }),
                deployment(2, "b", { environment: "dev" }),
                deployment(1, "a", { states: ["inactive", "success", "in_progress"] }),
            ];
            assert.equal(succeeded(await run(["deployed", "--environment", "prod"])), `sha=${"a".repeat(40)}\n`);
        });

        it("counts no record that anybody but a workflow made, of another branch or of a commit that main does not have", async () => {
            github.deployments = [
                deployment(4, "d", { creator: "somebody" }),
                deployment(3, "c", { ref: "feature" }),
                deployment(2, "b", {}),
                deployment(1, "a", {}),
            ];
            github.notInMain = ["b".repeat(40)];
            assert.equal(succeeded(await run(["deployed", "--environment", "prod"])), `sha=${"a".repeat(40)}\n`);
        });

        it("goes on only with an environment that main alone can use", async () => {
            github.environments = { prod: { deployment_branch_policy: null }, dev: { deployment_branch_policy: {} } };
            const { exitCode, stderr } = await run(["protected", "--environment", "prod"]);
            assert.equal(exitCode, 1);
            assert.match(stderr, /can be used from every branch.*allow main alone/);
            succeeded(await run(["protected", "--environment", "dev"]));
        });

        it("wants an approval before a pull request's program gets a passphrase", async () => {
            const reviewers = [{ type: "required_reviewers" }];
            github.environments = { "dev-preview": {}, "prod-preview": { protection_rules: reviewers } };
            const args = (name: string, has: string) => ["protected", "--environment", name, "--reviewers", has];
            const { exitCode, stderr } = await run(args("dev-preview", "true"));
            assert.equal(exitCode, 1);
            assert.match(stderr, /add required reviewers/);
            succeeded(await run(args("dev-preview", "false")));
            succeeded(await run(args("prod-preview", "true")));
        });

        it("refuses to renew what was never deployed", async () => {
            const { exitCode, stderr } = await run(["deployed", "--environment", "prod"]);
            assert.equal(exitCode, 1);
            assert.match(stderr, /"prod" was never updated by a workflow/);
        });

        it("fails with GitHub's answer and without the token when it is not let in", async () => {
            const { exitCode, stdout, stderr } = await run(["deployed", "--environment", "prod"], {}, "another-token");
            assert.equal(exitCode, 1);
            assert.match(stderr, /was answered 404: .*Not Found/);
            assert.doesNotMatch(stdout + stderr, /another-token/);
        });
    });

    describe("preview.sh and report.sh", () => {
        const out = join(ROOT, "report-of-stack");
        const preview = join(ROOT, "preview-of-stack");
        afterEach(() => Promise.all([out, preview].map((one) => rm(one, { recursive: true, force: true }))));

        /** Runs both with an engine that notes how it is called, says what it is told, and ends as it is told. */
        async function run(command: "preview" | "drift" | "up", said: object | string, exitCode = 0): Promise<Output> {
            await mkdir(join(folder, "bin"));
            await writeFile(join(folder, "said"), typeof said === "string" ? said : JSON.stringify(said));
            const engine = `#!/bin/sh\necho "$@" "force=$PULUMI_K8S_ENABLE_PATCH_FORCE" > "${folder}/args"\ncat "${folder}/said"\nexit ${exitCode}\n`;
            await writeFile(join(folder, "bin/pulumi"), engine);
            await chmod(join(folder, "bin/pulumi"), 0o755);
            const env = {
                NODE_OPTIONS,
                PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
                COMMAND: command,
                STACK: "dev",
                JUDGE: ".",
                PREVIEW: "preview-of-stack/preview.json",
                GITHUB_SERVER_URL: "https://git.example",
                GITHUB_REPOSITORY: "owner/name",
                GITHUB_RUN_ID: "42",
                GITHUB_STEP_SUMMARY: join(folder, "summary"),
            };
            const made = await attempt(".github/scripts/preview.sh", [], { cwd: ROOT, env });
            return made.exitCode === 0 ? attempt(".github/scripts/report.sh", [], { cwd: ROOT, env }) : made;
        }

        const nothing = { steps: [], changeSummary: { same: 12, read: 1 } };
        const host = {
            op: "create",
            urn: "urn:pulumi:dev::mesh-egress::kubernetes:networking.istio.io/v1:ServiceEntry::partner",
            newState: {
                urn: "urn:pulumi:dev::mesh-egress::kubernetes:networking.istio.io/v1:ServiceEntry::partner",
                type: "kubernetes:networking.istio.io/v1:ServiceEntry",
                inputs: {
                    metadata: { name: "partner", namespace: "egress" },
                    spec: { hosts: ["api.partner.example"] },
                },
            },
        };
        const change = { steps: [host], changeSummary: { same: 12, create: 1 } };

        it("reports a preview, also one that changes nothing", async () => {
            succeeded(await run("preview", nothing));
            assert.match(await readFile(join(out, "report.md"), "utf8"), /Preview of `dev`/);
            assert.match(await readFile(join(out, "report.html"), "utf8"), /<html/);
            assert.doesNotMatch(await readFile(join(folder, "args"), "utf8"), /refresh/);
        });

        it("judges by the policy pack of main, and makes a plan only for an update, whose approval sees the report", async () => {
            succeeded(await run("up", change));
            const args = await readFile(join(folder, "args"), "utf8");
            assert.match(
                args,
                /--policy-pack \.\/policy .*--refresh --save-plan preview-of-stack\/plan\.json force=$/m,
            );
            assert.match(await readFile(join(folder, "summary"), "utf8"), /api\.partner\.example/);
        });

        it("keeps a long report to a third of a comment, with the run where the rest is", async () => {
            const steps = Array.from(
                { length: 600 },
                (_, number) => JSON.parse(JSON.stringify(host).replaceAll("partner", `partner-${number}`)) as object,
            );
            succeeded(await run("preview", { steps, changeSummary: { create: 600 } }));
            const page = await readFile(join(out, "report.md"), "utf8");
            assert.ok(page.length <= 20_000, `${page.length}`);
            assert.match(
                page,
                /\[report.html of this run\]\(https:\/\/git.example\/owner\/name\/actions\/runs\/42#art/,
            );
        });

        it("reports a drift, after a refresh", async () => {
            succeeded(await run("drift", change));
            assert.match(await readFile(join(out, "report.md"), "utf8"), /api\.partner\.example/);
            assert.match(await readFile(join(folder, "args"), "utf8"), /--stack dev .*--refresh.* force=true/);
        });

        it("leaves no report where nothing has drifted", async () => {
            assert.match(succeeded(await run("drift", nothing)), /Nothing has drifted/);
            assert.ok(!existsSync(out));
        });

        it("fails with what the engine said when the preview fails", async () => {
            const { exitCode, stderr } = await run("drift", { diagnostics: [{ message: "no such stack" }] }, 255);
            assert.equal(exitCode, 1);
            assert.match(stderr, /no such stack/);
            assert.ok(!existsSync(out));
        });

        it("takes no output that is no finished preview for one without drift", async () => {
            const { exitCode, stderr } = await run("drift", { steps: [] });
            assert.equal(exitCode, 1);
            assert.match(stderr, /not the output of a preview that succeeded/);
        });
    });
});

function deployment(
    id: number,
    letter: string,
    change: Partial<{ environment: string; states: string[]; ref: string; creator: string }>,
) {
    const { environment = "prod", states = ["success"], ref = "main", creator = "github-actions[bot]" } = change;
    return { id, sha: letter.repeat(40), environment, states, ref, creator: { login: creator } };
}

function succeeded({ exitCode, stdout, stderr }: Output): string {
    assert.equal(exitCode, 0, stdout + stderr);
    return stdout;
}
