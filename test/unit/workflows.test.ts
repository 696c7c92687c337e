import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { attempt } from "../../lab/command";
import { CLUSTER_MINUTES, POOL_MINUTES } from "../../plan/azure/timeouts";
import { AKS_STACKS, stackConfig } from "../support/stacks";
import { machine } from "../support/machine";
import { packageJson } from "../../scripts/schema";
import { Job, WORKFLOWS, Workflow, isCalled, workflows } from "../support/workflows";

const ROOT = join(__dirname, "../..");
const NOT_A_FORK = "github.event.pull_request.head.repo.full_name == github.repository";

describe("the workflows", () => {
    const all = workflows();
    const named = (file: string): Workflow => all.find((workflow) => workflow.file === file)!;
    const jobs = all.flatMap((workflow) =>
        Object.entries(workflow.jobs).map(([name, job]) => ({ workflow, name: `${workflow.file} ${name}`, job })),
    );
    const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, job, step })));
    const called = (job: Job): Workflow | undefined =>
        all.find(({ file }) => job.uses === `./.github/workflows/${file}`);
    /** A job's own steps, or those of the workflow that it calls. */
    const stepsOf = (job: Job) => Object.values(called(job)?.jobs ?? { job }).flatMap((one) => one.steps ?? []);

    it("are the six that docs/pull-requests.md describes", () => {
        assert.deepEqual(
            all.map(({ file }) => file),
            ["drift.yml", "preview.yml", "release.yml", "renew-certificates.yml", "stack.yml", "up.yml"],
        );
    });

    it("are what actionlint takes", async function () {
        // With CI=true it is built here.
        this.timeout(0);
        const { path } = await machine.tool(this, "actionlint");
        const files = all.map(({ file }) => join(WORKFLOWS, file));
        const { exitCode, stdout } = await attempt(path, ["-no-color", "-shellcheck=", ...files], { cwd: ROOT });
        assert.equal(exitCode, 0, stdout);
    });

    it("name each action by a commit, with its version beside it, and one commit only", () => {
        const commits = new Map<string, string>();
        for (const { file, text } of all) {
            for (const [line, uses] of text.matchAll(/^.*\buses:\s*(\S+).*$/gm)) {
                if (uses.startsWith("./")) {
                    assert.ok(existsSync(join(ROOT, uses)), `${file}: ${uses}`);
                    continue;
                }
                assert.match(line, /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){1,2}$/, `${file}: ${line}`);
                const [action] = uses.split("@");
                const pin = line.slice(line.indexOf("@"));
                assert.equal(commits.get(action) ?? pin, pin, `${file}: ${action} is pinned twice`);
                commits.set(action, pin);
            }
        }
        assert.ok(commits.size >= 8);
    });

    it("never run a fork's code with the repository's own rights", () => {
        for (const { file, on } of all) {
            const events = typeof on === "string" ? [on] : Object.keys(on);
            assert.ok(!events.some((event) => ["pull_request_target", "workflow_run"].includes(event)), file);
        }
    });

    it("have no right by default, and in a job no more than it uses", () => {
        const used = Object.fromEntries(
            jobs.map(({ workflow, name, job }) => [name, isCalled(workflow) || job.permissions]),
        );
        for (const workflow of all.filter((one) => !isCalled(one))) {
            assert.deepEqual(workflow.permissions, {}, workflow.file);
        }
        const reads = { contents: "read" };
        const stack = { ...reads, actions: "read", "id-token": "write" };
        assert.deepEqual(used, {
            "drift.yml stacks": stack,
            "drift.yml issue": { ...reads, issues: "write" },
            "preview.yml check": reads,
            "preview.yml stacks": stack,
            "preview.yml comment": { ...reads, "pull-requests": "write" },
            "release.yml release": { contents: "write", "id-token": "write", "pull-requests": "write" },
            "renew-certificates.yml renew": { ...stack, deployments: "read" },
            // Its callers' rights are its own.
            "stack.yml preview": true,
            "stack.yml report": true,
            "stack.yml stack": true,
            "up.yml dev": stack,
            "up.yml staging": stack,
            "up.yml prod": stack,
        });
    });

    it("give an identity only to a job that logs in to Azure, and to the release", () => {
        for (const { name, job } of jobs.filter(({ job: { permissions } }) => permissions?.["id-token"])) {
            const logsIn = stepsOf(job).some(({ uses }) => uses?.startsWith("azure/login@"));
            assert.ok(logsIn || name === "release.yml release", name);
        }
    });

    it("give credentials only to a job that runs in an environment, and on a pull request to no fork's", () => {
        const withCredentials = jobs.filter(({ job }) => /secrets\./.test(JSON.stringify(job)));
        assert.ok(withCredentials.length >= 6);
        for (const { workflow, name, job } of withCredentials) {
            assert.ok(job.environment ?? called(job)?.jobs.stack.environment, name);
            assert.notEqual(job.secrets, "inherit", name);
            if (workflow.on === "pull_request") {
                const conditions = (job.if ?? "").split("&&").map((condition) => condition.trim());
                assert.ok(conditions.includes(NOT_A_FORK), `${name}: ${job.if}`);
                assert.doesNotMatch(job.if ?? "", /\|\|/, name);
            }
        }
    });

    it("let nothing that can write run the code of a pull request", () => {
        const { comment } = named("preview.yml").jobs;
        const [checkout] = comment.steps!;
        assert.equal(checkout.with?.ref, "${{ github.event.pull_request.base.sha }}");
        assert.ok(!comment.steps!.some(({ run }) => /npm/.test(run ?? "")));
    });

    it("judge by what main has: policies, report and what decides about credentials", () => {
        const main = "${{ github.event.pull_request.base.sha || github.sha }}";
        const { preview, report } = named("stack.yml").jobs;
        const judge = preview.steps!.find((step) => step.with?.path === ".judge")!;
        assert.equal(judge.with?.ref, main);
        assert.ok(
            preview.steps!.some(({ run }) => run?.startsWith("node .judge/.github/scripts/github.mts protected ")),
        );
        assert.equal(preview.steps!.find(({ run }) => run?.endsWith("preview.sh"))?.env?.JUDGE, ".judge");
        assert.equal(report.steps![0].with?.ref, main);
        assert.equal(report.environment, undefined);
        assert.doesNotMatch(JSON.stringify(report), /secrets\.|id-token|vars\./);
    });

    it("apply what was judged: an update is held to the plan of the preview that its approval saw", () => {
        const { stack, preview } = named("stack.yml").jobs;
        assert.deepEqual(stack.needs, ["preview", "report"]);
        assert.match(stack.if!, /inputs\.command == 'up' && needs\.report\.result == 'success'/);
        const ups = stack.steps!.filter(({ run }) => run?.startsWith("pulumi up"));
        assert.deepEqual(
            ups.map((step) => step.if),
            ["inputs.command == 'up'", "inputs.command == 'renew'"],
        );
        assert.match(ups[0].run!, /--plan preview-of-stack\/plan\.json/);
        assert.ok(ups.every(({ run }) => run?.includes("--policy-pack policy")));
        assert.equal(preview.environment, "${{ inputs.stack }}-preview");
    });

    it("refuse an environment whose credentials more than main could use, before anything is installed", () => {
        for (const job of [named("stack.yml").jobs.stack, named("stack.yml").jobs.preview]) {
            const runs = job.steps!.map(({ run = "" }) => run);
            const check = runs.findIndex((run) => run.includes("github.mts protected --environment"));
            assert.ok(check >= 0 && check < runs.findIndex((run) => /npm|pulumi/.test(run)));
        }
    });

    it("run no script of a package where a token can be asked for", () => {
        for (const { name, step } of steps.filter(({ step }) => /npm (ci|install)/.test(step.run ?? ""))) {
            assert.match(step.run!, /--ignore-scripts/, name);
        }
    });

    it("leave no token behind where they check out", () => {
        const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
        assert.ok(checkouts.length >= 5);
        for (const { name, step } of checkouts) {
            assert.equal(step.with?.["persist-credentials"], false, name);
        }
    });

    it("put no value into a script's text, where it would be run", () => {
        for (const { name, step } of steps) {
            assert.doesNotMatch(step.run ?? "", /\$\{\{/, name);
        }
    });

    it("have scripts of a few lines only; a longer one is a file, which tests run", () => {
        for (const { name, step } of steps) {
            assert.ok((step.run ?? "").trim().split("\n").length <= 5, name);
            for (const [file] of (step.run ?? "").matchAll(/\.github\/scripts\/[\w.]+/g)) {
                assert.ok(existsSync(join(ROOT, file)), `${name}: ${file}`);
            }
        }
    });

    it("call scripts of package.json that there are", () => {
        const calls = steps.flatMap(({ name, step }) =>
            [...(step.run ?? "").matchAll(/npm (?:run (?:--silent )?)?(\S+)/g)].map(([, script]) => ({ name, script })),
        );
        const release = steps.find(({ step }) => step.uses?.startsWith("changesets/action@"))!.step.with!;
        for (const command of [release.version, release.publish]) {
            calls.push({ name: "release.yml", script: String(command).replace(/^npm run /, "") });
        }
        assert.ok(calls.length >= 8);
        for (const { name, script } of calls) {
            assert.ok(
                ["ci", "pkg", "publish"].includes(script) || packageJson().scripts[script],
                `${name}: npm run ${script}`,
            );
        }
    });

    it("run the unit tests on each Node.js that the package supports, and not on the one that it brings", () => {
        const { strategy, steps = [] } = named("preview.yml").jobs.check;
        const supported = [...packageJson().engines.node.matchAll(/(?:\^|>=)(\d+)/g)].map(([, major]) => Number(major));
        assert.deepEqual(strategy?.matrix.node, supported);
        const tests = steps.map(({ run = "" }) => run).filter((run) => run.includes("test/run.ts"));
        assert.deepEqual(tests, ["node --require tsx/cjs test/run.ts unit"]);
    });

    it("publish only in the release, with the repository that provenance names, and elsewhere in a dry run", () => {
        const said = steps.flatMap(({ name, step }) => (step.run ?? "").split("\n").map((line) => ({ name, line })));
        const publishing = said.filter(({ line }) => /npm publish/.test(line));
        assert.ok(publishing.length > 0);
        for (const { name, line } of publishing) {
            assert.match(line, /--dry-run/, name);
        }
        const release = said.filter(({ name }) => name.startsWith("release.yml")).map(({ line }) => line);
        assert.ok(release.some((line) => line.startsWith("npm pkg set") && line.includes("$GITHUB_REPOSITORY")));
        assert.ok(release.some((line) => /gh release upload "v\$version" plugins/.test(line)));
    });

    it("have a limit in time, and say what happens to a second run", () => {
        for (const workflow of all) {
            // Those of up.yml wait stack by stack.
            const [first] = Object.values(workflow.jobs);
            const { jobs: ofStack } = called(first) ?? workflow;
            const concurrency = workflow.concurrency ?? first.concurrency ?? ofStack.stack.concurrency;
            assert.ok(concurrency?.group, workflow.file);
            assert.equal(concurrency["cancel-in-progress"], workflow.file === "preview.yml", workflow.file);
        }
        for (const { name, job } of jobs) {
            assert.ok(job.uses ?? job["timeout-minutes"], name);
        }
    });

    it("update one stack one at a time, also where it is renewed", () => {
        const { group } = named("stack.yml").jobs.stack.concurrency!;
        assert.equal(group, "stack-${{ inputs.stack }}-update");
        assert.match(named("stack.yml").jobs.preview.concurrency!.group, /github\.run_id/);
    });

    it("let nothing that waits for prod's approval hold back dev", () => {
        assert.equal(named("up.yml").concurrency, undefined);
        for (const job of Object.values(named("up.yml").jobs)) {
            assert.equal(job.concurrency, undefined);
        }
    });

    it("run each stack where it is reached from", () => {
        for (const job of ["preview", "stack"]) {
            const { "runs-on": runner } = named("stack.yml").jobs[job] as { "runs-on"?: string };
            assert.equal(runner, "${{ fromJSON(vars.RUNNERS || '{}')[inputs.stack] || 'ubuntu-latest' }}", job);
        }
    });

    for (const stack of AKS_STACKS) {
        it(`give an update of ${stack} the time that Azure has for its cluster and pools, one after the other`, () => {
            const pools = 1 + (stackConfig(stack).azure?.cluster.userPools ?? []).length;
            const most = (minutes: object) => Math.max(...(Object.values(minutes) as number[]));
            const azure = most(CLUSTER_MINUTES) + pools * most(POOL_MINUTES);
            const { "timeout-minutes": job = 0 } = named("stack.yml").jobs.stack;
            assert.ok(job >= azure + 60, `${job} minutes, of which Azure may take ${azure}`);
            // GitHub ends a job after six hours.
            assert.ok(job < 360);
        });
    }

    it("go from dev to staging to prod, and stop at what fails", () => {
        const { dev, staging, prod } = named("up.yml").jobs;
        assert.equal(dev.needs, undefined);
        assert.equal(staging.needs, "dev");
        assert.deepEqual(prod.needs, ["dev", "staging"]);
        for (const job of [staging, prod]) {
            assert.match(job.if!, /!cancelled\(\) && !failure\(\)/);
        }
        for (const [name, job] of Object.entries({ dev, staging, prod })) {
            assert.deepEqual(job.with, { command: "up", stack: name, environment: name });
        }
    });

    it("renew with an identity of its own, and only what was deployed before", () => {
        const { renew } = named("renew-certificates.yml").jobs;
        assert.equal(renew.with?.environment, "${{ matrix.stack }}-renewal");
        const { steps: ofStack = [] } = named("stack.yml").jobs.stack;
        const second = ofStack.filter(({ uses }) => uses?.startsWith("actions/checkout@"))[1];
        assert.equal(second.if, "inputs.command == 'renew'");
        assert.equal(second.with?.ref, "${{ steps.deployed.outputs.sha }}");
    });

    it("install the engine of the SDK's version", () => {
        const { version } = createRequire(__filename)("@pulumi/pulumi/package.json") as { version: string };
        const installed = steps.filter(({ step }) => step.uses?.startsWith("pulumi/actions@"));
        assert.equal(installed.length, 2);
        for (const { name, step } of installed) {
            assert.equal(step.with?.["pulumi-version"], version, name);
        }
    });

    it("name no host", () => {
        for (const { file, text } of all) {
            assert.doesNotMatch(text, /https?:\/\//, basename(file));
        }
    });
});
