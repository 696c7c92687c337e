import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Output, attempt, command } from "../../lab/command";
import { packageJson } from "../../scripts/schema";

const ROOT = join(__dirname, "../..");
const CHANGESET = `---\n"mesh-egress": minor\n---\n\nA route has a colour.\n`;

describe("the check for changesets", function () {
    this.timeout(60_000);

    let folder: string;
    const git = (...args: string[]) => command("git", ["-C", folder, ...args]);

    // A repository of this one's settings, whose main is published as origin/main.
    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-changesets-"));
        await git("init", "--quiet", "--initial-branch=main");
        await git("config", "user.name", "test");
        await git("config", "user.email", "test@example.com");
        await cp(join(ROOT, ".changeset/config.json"), join(folder, ".changeset/config.json"));
        for (const file of ["package.json", "package-lock.json", "CHANGELOG.md"]) {
            await cp(join(ROOT, file), join(folder, file));
        }
        await commit("main");
        await git("update-ref", "refs/remotes/origin/main", "HEAD");
    });

    afterEach(() => git("reset", "--quiet", "--hard", "origin/main"));
    after(() => rm(folder, { recursive: true }));

    async function commit(message: string, files: Record<string, string> = {}): Promise<void> {
        for (const [file, text] of Object.entries(files)) {
            await mkdir(dirname(join(folder, file)), { recursive: true });
            await writeFile(join(folder, file), text);
        }
        await git("add", "--all");
        await git("commit", "--quiet", "--message", message);
    }

    function check(): Promise<Output> {
        const [program, ...args] = packageJson().scripts["changeset:check"].split(" ");
        return attempt(join(ROOT, "node_modules/.bin", program), args, { cwd: folder });
    }

    for (const file of ["components/egress/egressRoute.ts", "plan/egress/route/colour.ts", "PulumiPlugin.yaml"]) {
        it(`refuses a change of ${file} without one`, async () => {
            await commit("change", { [file]: "changed" });
            const { exitCode, stdout, stderr } = await check();
            assert.equal(exitCode, 1);
            assert.match(stdout + stderr, /no changesets were found/);
        });
    }

    it("takes a change of the package with one", async () => {
        await commit("change", { "plan/egress/route/colour.ts": "changed", ".changeset/colour.md": CHANGESET });
        assert.equal((await check()).exitCode, 0);
    });

    it("asks for none where the package stays the same", async () => {
        await commit("change", { "lab/colour.ts": "changed", "README.md": "changed" });
        assert.equal((await check()).exitCode, 0);
    });

    it("makes the next version and its entry in CHANGELOG.md of them", async () => {
        await commit("change", { "plan/egress/route/colour.ts": "changed", ".changeset/colour.md": CHANGESET });
        await command(join(ROOT, "node_modules/.bin/changeset"), ["version"], { cwd: folder });
        const [major, minor] = packageJson().version.split(".").map(Number);
        const changelog = await git("diff", "--unified=0", "origin/main", "--", "CHANGELOG.md");
        assert.match(
            changelog,
            new RegExp(`\\+## ${major}\\.${minor + 1}\\.0\n(\\+.*\n)+\\+- \\w+: A route has a colour\\.`),
        );
        assert.doesNotMatch(changelog, /^-[^-]/m, "what is written of earlier versions stays");
    });
});
