import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NOT_RECORDED, TYPED, committedPage } from "../../support/recordedRun";

const README = readFileSync(join(__dirname, "../../../README.md"), "utf8");

/** Hosts that the page may have: those of the samples and the official places that the package names. */
const HOSTS = /(^|\.)(example|local|internal|istio\.io|kubernetes\.io|k8s\.io|pulumi\.com|unpkg\.com)$/;

describe("the recorded run", () => {
    const page = committedPage();

    it("has every command of the README, or says why not", () => {
        const commands = [...README.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) =>
            block.trim().split("\n"),
        );
        assert.ok(commands.length > 3);
        for (const line of commands) {
            const isTyped = TYPED.some((typed) => typed.line === line) && page.includes(`$ ${line}\n`);
            assert.ok(isTyped || page.includes(`- \`${line}\`: ${NOT_RECORDED[line]}.`), line);
        }
    });

    it("has each typed command with its end, and no failed one", () => {
        for (const { line } of TYPED) {
            assert.ok(page.includes(`$ ${line}\n`), line);
        }
        // A review that finds a mistake ends with 1, and so does an analysis with a warning.
        const ends = [...page.matchAll(/^It ended with (\d+) after \d+ s\.$/gm)].map(([, code]) => Number(code));
        assert.equal(ends.length, TYPED.length);
        assert.deepEqual([ends[0], ends.at(-1)], [0, 0]);
        assert.doesNotMatch(page, /^✖/m);
    });

    it("shows the demo's proofs, all of them kept", () => {
        const proofs = page.split("\n").filter((line) => /^ *✔ .{20,} {2,}\S/.test(line));
        assert.ok(proofs.length >= 13, `${proofs.length}`);
    });

    it("has no secret, no path of the machine and no host of a package registry", () => {
        assert.doesNotMatch(page, /-----BEGIN|PRIVATE KEY|passphrase|_authToken|\/tmp\/|\/root\b/i);
        const hosts = [...page.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host);
        assert.deepEqual(
            hosts.filter((host) => !HOSTS.test(host)),
            [],
        );
        assert.doesNotMatch(page, /\b(registry|npm|pypi|proxy)\.[a-z0-9-]+\.[a-z]{2,}/i);
    });
});
