import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { cloudConfig, fetchScript, validateMachine, serverSecurityRules } from "../../../../plan/azure/serverMachine";

const files = {
    hosts: ["mtls.partner.example"],
    indexPage: "<h1>Welcome</h1>\n",
    vaultUri: "https://kv.vault.example/",
    clientId: "client",
};

interface CloudConfig {
    packages: string[];
    write_files: { path: string; content: string; permissions: string; defer: boolean }[];
    runcmd: string[][];
}

describe("cloudConfig", () => {
    it("is what cloud-init reads", () => {
        const text = cloudConfig(files);
        assert.ok(text.startsWith("#cloud-config\n"));
        const { packages, write_files: written, runcmd } = parse(text) as CloudConfig;
        assert.deepEqual(packages, ["nginx", "curl", "jq"]);
        const content = (path: string) => written.find((one) => one.path === path)?.content ?? "";
        assert.match(content("/etc/nginx/mesh-egress.conf"), /listen 443 ssl;\n +server_name mtls.partner.example;/);
        assert.match(content("/etc/nginx/mesh-egress.conf"), /ssl_verify_client on;/);
        assert.equal(content("/var/www/mesh-egress/index.html"), files.indexPage);
        assert.match(
            content("/etc/systemd/system/fetch-certificates.service"),
            /VAULT_URI=https:\/\/kv.vault.example\//,
        );
        assert.ok(
            written.every(({ defer }) => defer),
            "nginx's own package would not start with a site without certificate",
        );
        assert.ok(runcmd.some((command) => command.includes("fetch-certificates.timer")));
    });
});

describe("fetchScript", () => {
    let folder: string;
    let nginx: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-fetch-"));
        nginx = join(folder, "nginx");
        mkdirSync(join(nginx, "conf.d"), { recursive: true });
        mkdirSync(join(folder, "bin"));
        program("nginx", 'echo "nginx $*" >> "$CALLS"');
        program("systemctl", 'echo "systemctl $*" >> "$CALLS"');
        // Reads `.access_token` or `.value` of an object, as jq -er does.
        program(
            "jq",
            `exec "${process.execPath}" -e '
                const value = JSON.parse(require("fs").readFileSync(process.argv[2] || 0, "utf8"))[process.argv[1].slice(1)];
                if (value === undefined || value === null) process.exit(1);
                console.log(value);
            ' -- "$2" $3`,
        );
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    function program(name: string, script: string): void {
        writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    /** A key vault and an identity service; `secrets` by name. */
    function azure(secrets: Record<string, string>): void {
        const cases = Object.entries(secrets).map(
            ([name, value]) => `*/secrets/${name}\\?*) echo '${JSON.stringify({ value })}' ;;`,
        );
        program(
            "curl",
            `echo "curl $*" >> "$CALLS"
for header in "$@"; do case "$header" in @*) cat "\${header#@}" >> "$HEADERS" ;; esac; done
case "$*" in
    */identity/oauth2/token*) echo '{"access_token":"the-token"}' ;;
    ${cases.join("\n    ")}
    *) exit 22 ;;
esac`,
        );
    }

    function run(): { calls: string; failed: boolean } {
        const env = {
            PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
            VAULT_URI: files.vaultUri,
            CLIENT_ID: files.clientId,
            FOLDER: join(nginx, "mesh-egress"),
            CALLS: join(folder, "calls"),
            HEADERS: join(folder, "headers"),
            TMPDIR: folder,
        };
        writeFileSync(env.CALLS, "");
        let failed = false;
        try {
            execFileSync("/bin/sh", ["-c", fetchScript()], { env, stdio: "pipe" });
        } catch {
            failed = true;
        }
        return { calls: readFileSync(env.CALLS, "utf8"), failed };
    }

    const installed = (name: string) => join(nginx, "mesh-egress", `${name}.pem`);

    it("installs what the vault has, for nobody but root, and turns the site on", () => {
        azure({ server: "certificate and key", "client-ca": "ca" });
        const { calls, failed } = run();
        assert.equal(failed, false);
        assert.equal(readFileSync(installed("server"), "utf8"), "certificate and key\n");
        assert.equal(readFileSync(installed("client-ca"), "utf8"), "ca\n");
        assert.equal(statSync(installed("server")).mode & 0o077, 0);
        assert.ok(readdirSync(join(nginx, "conf.d")).includes("mesh-egress.conf"));
        assert.match(calls, /nginx -t\nsystemctl reload-or-restart nginx\n$/);
    });

    it("asks as the machine's identity for a token of the vault's own service, and shows it on no command line", () => {
        azure({ server: "s", "client-ca": "c" });
        const { calls } = run();
        assert.match(calls, /resource=https:\/\/vault.example .*client_id=client/);
        assert.doesNotMatch(calls, /the-token/);
        assert.match(readFileSync(join(folder, "headers"), "utf8"), /Authorization: Bearer the-token/);
    });

    it("has nginx read a changed certificate, and leaves it alone otherwise", () => {
        azure({ server: "one", "client-ca": "ca" });
        run();
        assert.doesNotMatch(run().calls, /systemctl/);
        azure({ server: "two", "client-ca": "ca" });
        assert.match(run().calls, /systemctl reload-or-restart/);
        assert.equal(readFileSync(installed("server"), "utf8"), "two\n");
    });

    it("changes nothing when the vault does not answer, or has only one of the two yet", () => {
        azure({ server: "one", "client-ca": "ca" });
        run();
        for (const secrets of [{}, { server: "two" }] as Record<string, string>[]) {
            azure(secrets);
            const { calls, failed } = run();
            assert.equal(failed, true);
            assert.doesNotMatch(calls, /systemctl/);
            assert.equal(readFileSync(installed("server"), "utf8"), "one\n");
        }
    });

    it("leaves no copy behind", () => {
        azure({ server: "one", "client-ca": "ca" });
        run();
        assert.deepEqual(
            readdirSync(folder).filter((name) => name.startsWith("tmp.")),
            [],
        );
        assert.ok(existsSync(dirname(installed("server"))));
    });
});

describe("serverSecurityRules", () => {
    it("let one range in on 443, and deny everything else", () => {
        const [allow, deny, ...others] = serverSecurityRules("198.51.100.0/31");
        assert.deepEqual(others, []);
        assert.deepEqual(
            [allow.access, allow.sourceAddressPrefix, allow.destinationPortRange, allow.protocol],
            ["Allow", "198.51.100.0/31", "443", "Tcp"],
        );
        assert.deepEqual([deny.access, deny.sourceAddressPrefix, deny.destinationPortRange], ["Deny", "*", "*"]);
        assert.ok(deny.priority > allow.priority);
    });
});

describe("validateMachine", () => {
    it("refuses hosts and ranges that are none, and a range that is too small", () => {
        const good = { hosts: ["a.example"], addressRange: "10.250.0.0/28" };
        assert.deepEqual(validateMachine(good), []);
        const paths = (change: Partial<typeof good>) => validateMachine({ ...good, ...change }).map(({ path }) => path);
        assert.deepEqual(paths({ hosts: ["x; return 200"] }), ["hosts[0]"]);
        assert.deepEqual(paths({ addressRange: "10.250.0.1/28" }), ["addressRange"]);
        assert.deepEqual(paths({ addressRange: "10.250.0.0/30" }), ["addressRange"]);
    });
});
