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
        const inText = [...README.matchAll(/`(npm run [^`]+)`/g)].map(([, line]) => line);
        assert.ok(commands.length > 3);
        for (const line of [...commands, ...inText]) {
            const isTyped = page.includes(`$ ${line}\n`);
            assert.ok(isTyped || page.includes(`- \`${line}\`: ${NOT_RECORDED[line]}.`), line);
        }
    });

    it("has each typed command with its end: an installation succeeds, and a review that finds something ends with 1", () => {
        for (const { line, withoutLab } of TYPED) {
            assert.ok(
                [line, withoutLab].some((one) => page.includes(`$ ${one}\n`)),
                line,
            );
        }
        const ends = [...page.matchAll(/^It ended with (\d+) after \d+ s\.$/gm)].map(([, code]) => Number(code));
        assert.deepEqual(ends.slice(0, TYPED.length), [0, 0, 1]);
        assert.match(page, /mandatory {2}server-name-unchecked/);
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
