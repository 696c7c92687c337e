import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, command } from "../../lab/command";
import { Packed, packed } from "../support/packed";

const UNCHECKED = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: egress }
spec:
  host: api.partner.example
  exportTo: ["."]
  trafficPolicy: { tls: { mode: SIMPLE, sni: api.partner.example } }
`;

describe("the packed command", function () {
    this.timeout(300_000);

    let packing: Packed;

    before(async () => {
        packing = await packed();
        writeFileSync(join(packing.project, "package.json"), '{ "private": true }');
        writeFileSync(join(packing.project, "unchecked.yaml"), UNCHECKED);
        // Links the command as an installation would.
        await command("npm", ["rebuild", "mesh-egress", "--ignore-scripts", "--offline"], { cwd: packing.project });
    });

    const meshEgress = (...args: string[]) =>
        attempt("npx", ["--no-install", "mesh-egress", ...args], { cwd: packing.project });

    it("reviews a file as a user would, with the documented exit codes", async () => {
        const found = await meshEgress("review", "unchecked.yaml");
        assert.equal(found.exitCode, 1, found.stderr);
        assert.match(found.stdout, /server-name-unchecked .*unchecked\.yaml:7/);
        assert.ok(!found.stdout.includes("\u001b"), "colours, and there is no terminal");
        assert.equal((await meshEgress("review", "unchecked.yaml", "--fail-on", "none")).exitCode, 0);
        assert.equal((await meshEgress("review", "missing.yaml")).exitCode, 2);
    });

    it("has help and a version", async () => {
        assert.match((await meshEgress("--help")).stdout, /review \[files\.\.\]/);
        assert.match((await meshEgress("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
    });

    it("does not load Pulumi for a review, nor itself for a program that imports the components", async () => {
        const loaded = (script: string) =>
            command(process.execPath, ["-e", `${script}; console.log(Object.keys(require.cache).join("\\n"))`], {
                cwd: packing.project,
            });
        const root = await loaded('require("mesh-egress")');
        assert.doesNotMatch(root, /mesh-egress\/bin\/cli|node_modules\/yargs/);
        const cli = await loaded(`require(${JSON.stringify(join(packing.folder, "bin/cli/run.js"))})`);
        assert.doesNotMatch(cli, /@pulumi/);
    });

    it("gives programs the report under its own name", async () => {
        const script =
            'console.log(require("mesh-egress/report").previewReport(`{"steps":[]}`, { stack: "dev", now: new Date(0) }).markdown)';
        assert.match(await command(process.execPath, ["-e", script], { cwd: packing.project }), /Nothing changes/);
    });
});
