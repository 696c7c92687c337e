import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { ProbeOptions, probeScript, validateProbe } from "../../../../plan/egress/probe";
import { host } from "../../../support/arbitraries";

const probe: ProbeOptions = {
    namespace: "payments",
    host: "mtls.partner.example",
    path: "/",
    expectedStatus: 200,
    timeoutSeconds: 3,
};

describe("validateProbe", () => {
    const printable = fc.string({
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });

    it("accepts every path without spaces and every line of text", () => {
        fc.assert(
            fc.property(host, printable, fc.string({ minLength: 1 }), (name, path, expectedText) => {
                assert.deepEqual(validateProbe({ ...probe, host: name, path: `/${path}`, expectedText }), []);
            }),
        );
    });

    const bad: [change: Partial<ProbeOptions>, path: string][] = [
        [{ namespace: "" }, "namespace"],
        [{ host: "*.x.example" }, "host"],
        [{ path: "" }, "path"],
        [{ path: "health" }, "path"],
        [{ path: "/a b" }, "path"],
        [{ path: "/a\n" }, "path"],
        [{ path: "/ä" }, "path"],
        [{ expectedStatus: 99 }, "expectedStatus"],
        [{ expectedStatus: 600 }, "expectedStatus"],
        [{ expectedStatus: NaN }, "expectedStatus"],
        [{ expectedText: "" }, "expectedText"],
        [{ expectedText: "a\nb" }, "expectedText"],
        [{ expectedText: "a\0b" }, "expectedText"],
        [{ timeoutSeconds: 0 }, "timeoutSeconds"],
        [{ timeoutSeconds: 1.5 }, "timeoutSeconds"],
        [{ timeoutSeconds: 3601 }, "timeoutSeconds"],
    ];
    for (const [change, path] of bad) {
        it(`refuses ${JSON.stringify(change)}`, () => {
            assert.deepEqual(
                validateProbe({ ...probe, ...change }).map((violation) => violation.path),
                [path],
            );
        });
    }
});

describe("probeScript", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "probe-"));
        // Time passes with every look at the clock instead of by waiting.
        command("date", `echo x >> "$CLOCK"; grep -c x "$CLOCK"`);
        command("sleep", "exit 0");
        command(
            "curl",
            `printf '%s\\n' "$@" > "$ASKED"
            while [ $# -gt 0 ]; do case $1 in -o) out=$2 ;; -D) headers=$2 ;; esac; shift; done
            printf '%s' "$HEADERS" > "$headers"
            printf '%s' "$ANSWER" > "$out"
            printf '%s' "$FAILURE" >&2
            printf '%s' "$STATUS"`,
        );
    });

    after(() => rmSync(folder, { recursive: true }));

    function command(name: string, script: string) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder, name), 0o755);
    }

    interface Answer {
        status: string;
        body?: string;
        headers?: string;
        failure?: string;
    }

    /** Runs the script where curl gives this answer. */
    function run(answer: Answer, change: Partial<ProbeOptions> = {}) {
        rmSync(join(folder, "clock"), { force: true });
        const { status, stdout, stderr } = spawnSync("sh", ["-c", probeScript({ ...probe, ...change })], {
            encoding: "utf8",
            env: {
                PATH: `${folder}:${process.env.PATH}`,
                TMPDIR: folder,
                CLOCK: join(folder, "clock"),
                ASKED: join(folder, "asked"),
                STATUS: answer.status,
                ANSWER: answer.body ?? "",
                HEADERS: answer.headers ?? "",
                FAILURE: answer.failure ?? "",
            },
        });
        assert.equal(stderr, "");
        return { status, stdout };
    }

    const anyText = fc.string({ unit: "binary", minLength: 1 }).map((text) => text.replaceAll("\0", ""));
    const hostile = fc.constantFrom(
        "'",
        '"',
        "$(exit 7)",
        "`exit 7`",
        "\\",
        "'; exit 7; '",
        "-e",
        "%s%n",
        "!",
        "#",
        "\n'",
    );

    it("is a shell script whatever host, path and text there are", () => {
        fc.assert(
            fc.property(host, fc.oneof(anyText, hostile), fc.oneof(anyText, hostile), (name, path, expectedText) => {
                const script = probeScript({ ...probe, host: name, path: `/${path}`, expectedText });
                const { status, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
                assert.equal(status, 0, stderr);
            }),
            { numRuns: 60 },
        );
    });

    it("ends well on the expected answer", () => {
        const { status, stdout } = run({ status: "200", body: "hello" });
        assert.equal(status, 0);
        assert.equal(stdout, "mtls.partner.example answered 200\n");
    });

    it("asks for exactly the URL and looks for exactly the text, whatever is in them", () => {
        const path = fc
            .oneof(hostile, fc.constantFrom("?ids[]=1&x={a,b}", "a%20b", "*", "~"))
            .filter((text) => validateProbe({ ...probe, path: `/${text}` }).length === 0);
        const text = fc
            .oneof(fc.string({ minLength: 1 }), hostile)
            .filter((expectedText) => validateProbe({ ...probe, expectedText }).length === 0);
        fc.assert(
            fc.property(path, text, (rest, expectedText) => {
                const right = run(
                    { status: "200", body: `before${expectedText}after` },
                    { path: `/${rest}`, expectedText },
                );
                assert.equal(right.status, 0, right.stdout);
                const asked = spawnSync("cat", [join(folder, "asked")], { encoding: "utf8" }).stdout.split("\n");
                assert.ok(asked.includes(`http://mtls.partner.example/${rest}`));
                assert.ok(asked.includes("-g"), "curl would read brackets as a range");
                const wrong = run({ status: "200", body: "" }, { path: `/${rest}`, expectedText });
                assert.equal(wrong.status, 1, "without the text");
            }),
            { numRuns: 25 },
        );
    });

    it("asks again until time is up", () => {
        run({ status: "503" });
        assert.equal(spawnSync("grep", ["-c", "x", join(folder, "clock")], { encoding: "utf8" }).stdout.trim(), "4");
    });

    const symptoms: [what: string, answer: Answer, meaning: RegExp][] = [
        [
            "curl has no answer",
            { status: "000", failure: "curl: (6) Could not resolve host" },
            /no answer: curl: \(6\)/,
        ],
        ["curl is missing", { status: "", failure: "sh: curl: not found" }, /no answer: sh: curl: not found/],
        ["the sidecar has no such host", { status: "502" }, /sidecar does not know the host.*allowFrom/],
        [
            "the server's certificate is for another host",
            { status: "503", body: "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED" },
            /not for this host.*subjectAltNames and serverCa/,
        ],
        [
            "the server refuses the certificate",
            { status: "503", body: "TLS_error:|268436504:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA" },
            /server refused the client certificate/,
        ],
        [
            "the server saw no certificate",
            { status: "400", body: "400 No required SSL certificate was sent" },
            /without the client certificate/,
        ],
        [
            "only the gateway's header says so",
            {
                status: "503",
                body: "upstream connect error",
                headers: `HTTP/1.1 503\r\nServer: envoy\r\nX-Egress-Failure: TLS_error:CERTIFICATE_VERIFY_FAILED\r\n`,
            },
            /not for this host/,
        ],
        ["the server speaks no TLS", { status: "503", body: "WRONG_VERSION_NUMBER" }, /does not use TLS/],
        [
            "the call left in plaintext",
            { status: "400", body: "The plain HTTP request was sent to HTTPS port" },
            /left the cluster in plaintext/,
        ],
        [
            "the gateway has no credential",
            { status: "503", body: "Secret is not supplied by SDS" },
            /does not have the route's credential/,
        ],
        ["no route allows the caller", { status: "403", body: "no route from this service account" }, /allowFrom/],
        ["the caller is not allowed", { status: "403", body: "RBAC: access denied" }, /service account/],
        [
            "the server cannot be reached",
            { status: "503", body: "upstream connect error or disconnect/reset before headers" },
            /could not reach the server/,
        ],
        ["the page is another one", { status: "404", body: "not found" }, /answer is not the expected one/],
    ];
    for (const [what, answer, meaning] of symptoms) {
        it(`tells what it means when ${what}`, () => {
            const { status, stdout } = run(answer);
            assert.equal(status, 1);
            assert.match(stdout, meaning);
            assert.ok(stdout.startsWith(`mtls.partner.example answered ${answer.status}, expected 200: `));
        });
    }

    it("shows the beginning of the answer and what was expected of it", () => {
        const { stdout } = run({ status: "200", body: `%s\\n${"x".repeat(500)}` }, { expectedText: "it's" });
        assert.match(stdout, /expected 200 with "it's": /);
        assert.ok(stdout.includes(`\nanswer: %s\\n${"x".repeat(296)}\n`));
        const failure = run({ status: "503", headers: "x-egress-failure: TLS_error:reason\r\n" }).stdout;
        assert.match(failure, /x-egress-failure: TLS_error:reason/);
    });
});
