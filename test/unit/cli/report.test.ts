import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../support/command";

describe("mesh-egress report", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-report-"));
        writeFileSync(join(folder, "preview.json"), JSON.stringify({ steps: [] }));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const report = (...args: string[]) => runCommand(["report", "--stack", "dev", ...args]);

    it("prints the page of a preview that ran elsewhere, or writes both pages", async () => {
        const file = join(folder, "preview.json");
        assert.match((await report("--file", file)).out, /## Preview of `dev`\n\nNothing changes\./);
        const { code, out } = await report("--file", file, "--out", join(folder, "pages"));
        assert.deepEqual([code, out], [0, ""]);
        assert.match(readFileSync(join(folder, "pages/report.html"), "utf8"), /Nothing changes/);
        assert.ok(existsSync(join(folder, "pages/report.md")));
    });

    it("previews the stack where no file is given", async () => {
        const { out } = await runCommand(["report", "--stack", "dev"], {
            openStack: (name) =>
                Promise.resolve({
                    outputs: () => Promise.reject(new Error(name)),
                    preview: () => Promise.resolve(),
                }),
        });
        assert.match(out, /Nothing changes/);
    });

    it("ends with 2 for a file that is none, or no preview, and for a page that is too short", async () => {
        writeFileSync(join(folder, "other.json"), "{}");
        for (const [args, said] of [
            [["--file", join(folder, "missing.json")], /the file does not exist/],
            [["--file", join(folder, "other.json")], /pulumi preview --json --show-sames > preview.json/],
            [["--file", join(folder, "preview.json"), "--limit", "10"], /at least 1000/],
        ] as const) {
            const { code, err } = await report(...args);
            assert.equal(code, 2);
            assert.match(err, said);
        }
    });
});
