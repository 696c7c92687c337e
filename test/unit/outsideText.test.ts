import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RUNS } from "../support/fuzz";

const ROOT = join(__dirname, "../..");
const FOLDER = "test/unit/outsideText";

/** They take some 15 seconds. */
const MOST_MINUTES = 5 * Math.max(1, RUNS / 150);

interface Ended {
    code: number | string | null | undefined;
    wasStopped: boolean;
    said: string;
}

/** Runs tests with mocha, and ends it where it takes too long. */
function runApart(files: string[], minutes: number): Promise<Ended> {
    const limit = minutes * 60_000;
    const mocha = [join(ROOT, "node_modules/mocha/bin/mocha.js"), "--timeout", String(limit), "--exit", ...files];
    return new Promise((resolve) => {
        execFile(
            process.execPath,
            mocha,
            { cwd: ROOT, timeout: limit, killSignal: "SIGKILL", maxBuffer: 1024 ** 3 },
            (error, stdout, stderr) =>
                resolve({ code: error ? error.code : 0, wasStopped: error?.killed ?? false, said: stdout + stderr }),
        );
    });
}

describe("what comes from outside is read without a crash, a hang or a secret in a message", function () {
    this.timeout(0);

    // In a process of its own: nothing else ends a reader that never returns.
    it(`by every test of ${FOLDER}`, async () => {
        const files = readdirSync(join(ROOT, FOLDER)).map((file) => join(FOLDER, file));
        const { code, wasStopped, said } = await runApart(files, MOST_MINUTES);
        assert.ok(!wasStopped, `one did not end within ${MOST_MINUTES} minutes; those before it:\n${said}`);
        assert.equal(code, 0, said);
        assert.match(said, /\d+ passing/);
    });
});
