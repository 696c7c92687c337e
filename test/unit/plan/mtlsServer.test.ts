import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { nginxConfig, refuseServer } from "../../../plan/mtlsServer";
import { hosts } from "../../support/arbitraries";
import { chain, issue, keyPem } from "../../support/certificates";

describe("nginxConfig", () => {
    it("requires a client certificate and logs whose it was, for any hosts", () => {
        fc.assert(
            fc.property(hosts, (all) => {
                const config = nginxConfig(all);
                assert.match(config, /^ +ssl_verify_client on;$/m);
                assert.match(config, /\$ssl_client_fingerprint/);
                assert.match(config, /\$ssl_client_s_dn/);
                assert.match(config, /access_log \/dev\/stdout ssl_client;/);
                assert.ok(config.includes(`server_name ${all.join(" ")};`));
            }),
        );
    });

    it("is taken by nginx itself, where there is one", async function () {
        if (spawnSync("nginx", ["-v"]).error) {
            this.skip();
        }
        const { root } = await chain();
        const server = await issue({ subject: "CN=server", usage: "server", issuer: root });
        const folder = mkdtempSync(join(tmpdir(), "nginx-"));
        try {
            mkdirSync(join(folder, "server"));
            mkdirSync(join(folder, "client-ca"));
            writeFileSync(join(folder, "server/tls.crt"), server.certificate);
            writeFileSync(join(folder, "server/tls.key"), keyPem(server.key));
            writeFileSync(join(folder, "client-ca/ca.crt"), root.certificate);
            const config = nginxConfig(["a.example", `${"long-label.".repeat(20)}example`]);
            writeFileSync(
                join(folder, "nginx.conf"),
                config.replaceAll("/etc/nginx/", `${folder}/`).replaceAll("/tmp/", `${folder}/`),
            );
            execFileSync("nginx", ["-t", "-e", "/dev/stderr", "-c", join(folder, "nginx.conf")], { stdio: "pipe" });
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("refuseServer", () => {
    it("accepts every list of hosts", () => {
        fc.assert(
            fc.property(hosts, (all) => assert.deepEqual(refuseServer({ namespace: "mesh-external", hosts: all }), [])),
        );
    });

    it("refuses a namespace and hosts that are none", () => {
        assert.deepEqual(
            refuseServer({ namespace: "A", hosts: ["x; return 200"] }).map(({ path }) => path),
            ["namespace", "hosts[0]"],
        );
    });
});
