import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusalScript } from "../../../../../plan/egress/lockdown/refusalCheck";

describe("refusalScript", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-refusal-"));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the script with a stand-in for curl that answers with these status codes. */
    function check([port, address, host]: string[], api = "10.96.0.1") {
        const curl = join(folder, "curl");
        writeFileSync(
            curl,
            [
                "#!/bin/sh",
                `echo "$@" >> ${folder}/calls`,
                `case "$*" in *https://*) printf ${address};; *http://istiod*) printf ${port};; *) printf ${host};; esac`,
            ].join("\n"),
        );
        chmodSync(curl, 0o755);
        const env = {
            PATH: `${folder}:${process.env.PATH}`,
            KUBERNETES_SERVICE_HOST: api,
            KUBERNETES_SERVICE_PORT: "6443",
        };
        const script = refusalScript("payments", { meshNamespace: "mesh-root", revision: "canary" }, 0);
        const { status, stdout } = spawnSync("sh", ["-c", script], { env, encoding: "utf8" });
        return { status, stdout, calls: readFileSync(join(folder, "calls"), "utf8") };
    }

    const WAYS = [
        { refused: ["000", "503"], says: /reached istiod-canary\.mesh-root\.svc:15014/ },
        { refused: ["000"], says: /API server's address/ },
        { refused: ["000", "502"], says: /the Sidecar egress-lockdown/ },
    ];

    it("is content only if no way answers, and names each that does", () => {
        const answers = ["000", "200", "404", "502", "503"];
        for (const port of answers) {
            for (const address of answers.slice(0, 3)) {
                for (const host of answers) {
                    const given = [port, address, host];
                    const { status, stdout } = check(given);
                    const open = WAYS.map(({ refused }, index) => !refused.includes(given[index]));
                    assert.equal(status, open.includes(true) ? 1 : 0, given.join());
                    assert.deepEqual(
                        WAYS.map(({ says }) => says.test(stdout)),
                        open,
                        stdout,
                    );
                }
            }
        }
    });

    it("asks for the API server by its address, of either family", () => {
        assert.match(check(["503", "000", "502"]).calls, /https:\/\/10\.96\.0\.1:6443\/version/);
        const { calls } = check(["503", "000", "502"], "fd00::1");
        assert.match(calls, /https:\/\/\[fd00::1\]:6443\/version/);
        assert.match(calls, /:80:\[fd00::1\]/);
    });
});
