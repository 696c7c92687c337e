import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import ts from "typescript";
import { command } from "../../lab/command";
import { Packed, packed } from "../support/packed";
import { PackageJson, componentNames } from "../../scripts/schema";

const ROOT = join(__dirname, "../..");

/** What belongs to the package beside its sources and what is compiled from them. */
const DOCUMENTS = ["CHANGELOG.md", "LICENSE", "PulumiPlugin.yaml", "README.md", "package.json", "schema.json"];

describe("the packed package", function () {
    this.timeout(300_000);

    let packing: Packed;
    let files: string[];
    let manifest: PackageJson;

    before(async () => {
        packing = await packed();
        files = readdirSync(packing.folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(packing.folder.length + 1))
            .sort();
        manifest = JSON.parse(readFileSync(join(packing.folder, "package.json"), "utf8")) as PackageJson;
    });

    it("has its sources, each compiled and with its types, its documents, and nothing else", () => {
        const sources = files.filter((file) => /^(components|plan|review|report|cli|policy)\/.+\.ts$/.test(file));
        assert.ok(sources.includes("components/index.ts"));
        const compiled = sources.flatMap((file) =>
            [".js", ".js.map", ".d.ts"].map((ending) => `bin/${file.replace(/\.ts$/, ending)}`),
        );
        const pages = files.filter((file) => /^docs\/rules\/[a-z0-9-]+\.md$/.test(file));
        assert.ok(pages.includes("docs/rules/open-egress.md"));
        assert.deepEqual(files, [...DOCUMENTS, ...sources, ...compiled, ...pages].sort());
    });

    it("has no private key in it", () => {
        const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}/;
        assert.deepEqual(
            files.filter((file) => key.test(readFileSync(join(packing.folder, file), "utf8"))),
            [],
        );
    });

    it("runs nothing when it is installed", () => {
        const atInstall = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
        assert.deepEqual(
            Object.keys(manifest.scripts).filter((script) => atInstall.includes(script)),
            [],
        );
        assert.ok(!files.includes("binding.gyp"), "npm builds a package that has one");
    });

    it("loads with the dependencies that it declares and no others", async () => {
        const names = await command(
            process.execPath,
            ["-e", 'console.log(JSON.stringify(Object.keys(require("mesh-egress"))))'],
            { cwd: packing.project },
        );
        const exported = JSON.parse(names) as string[];
        assert.deepEqual(
            componentNames.filter((name) => !exported.includes(name)),
            [],
        );
    });

    it("needs the plugin of kubernetes alone for routes, and says what to install for more", async () => {
        const script = `
            const pulumi = require("@pulumi/pulumi");
            pulumi.runtime.setMocks({ call: ({ inputs }) => inputs, newResource: ({ name, inputs }) => ({ id: name, state: inputs }) });
            const { AksCluster, CertificateChain, DnsZone } = require("mesh-egress");
            const said = [
                () => new CertificateChain("chain", { organization: "Example" }),
                () => new DnsZone("zone", { zoneName: "partner.example", resourceGroupName: "group" }),
            ].map((make) => { try { make(); return "made"; } catch (error) { return error.message; } });
            console.log(JSON.stringify(said));`;
        const [chain, zone] = JSON.parse(
            await command(process.execPath, ["-e", script], { cwd: packing.project }),
        ) as string[];
        assert.match(chain, /^The package @pulumi\/tls is not installed\..*: npm install @pulumi\/tls@"\^5/);
        assert.match(
            zone,
            /^The package @pulumi\/azure-native is not installed\..*: npm install @pulumi\/azure-native@"\^3/,
        );
    });

    it("loads fewer than 900 modules, of which @pulumi/pulumi is 766", async () => {
        const script = 'require("mesh-egress"); console.log(Object.keys(require.cache).length)';
        const loaded = Number(await command(process.execPath, ["-e", script], { cwd: packing.project }));
        assert.ok(loaded > 700 && loaded < 900, `${loaded} modules`);
    });

    it("gives its names to ECMAScript modules too", async () => {
        const script =
            'import { EgressRoute, EgressMode } from "mesh-egress"; console.log(EgressRoute.name, EgressMode.Http)';
        const names = await command(process.execPath, ["--input-type=module", "-e", script], { cwd: packing.project });
        assert.equal(names.trim(), "EgressRoute http");
    });

    for (const [kind, moduleResolution, module] of [
        ["an older program (moduleResolution node)", ts.ModuleResolutionKind.Node10, ts.ModuleKind.CommonJS],
        ["a program for Node (node16)", ts.ModuleResolutionKind.Node16, ts.ModuleKind.Node16],
        ["a bundled program (bundler)", ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext],
    ] as const) {
        it(`gives its compiled types, not its sources, to ${kind}`, () => {
            const program = join(packing.project, "index.ts");
            const { resolvedModule } = ts.resolveModuleName(
                "mesh-egress",
                program,
                { moduleResolution, module },
                ts.sys,
            );
            assert.equal(resolvedModule?.resolvedFileName, join(packing.folder, "bin/components/index.d.ts"));
        });
    }

    it("is taken by npm publish, in a dry run", async () => {
        const told = await command("npm", ["publish", "--dry-run", "--json", "--ignore-scripts", packing.file]);
        const [found] = Object.values(JSON.parse(told) as Record<string, { name: string; entryCount: number }>);
        assert.equal(found.name, "mesh-egress");
        assert.equal(found.entryCount, files.length);
    });

    it("is what publint expects of a package", async () => {
        const { messages } = await publint({
            pack: { tarball: new Uint8Array(readFileSync(packing.file)).buffer },
            strict: true,
        });
        assert.deepEqual(messages, []);
    });

    it("has types that are right however it is imported", async () => {
        // Prints a table of each way to import it, with what is wrong, and ends with 1 then.
        await command(join(ROOT, "node_modules/.bin/attw"), [packing.file]);
    });
});
