import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer";
import { SCHEMA_FILE, analyze, componentNames, schemaText } from "../../scripts/schema";

const ROOT = join(__dirname, "../..");

describe("the package", function () {
    this.timeout(120_000);

    let found: AnalyzeResult;

    it("is understood by the analyzer that makes it usable from other languages", () => {
        found = analyze();
        assert.deepEqual(Object.keys(found.components).sort(), componentNames);
        assert.ok(componentNames.length >= 8);
    });

    it("describes every component and every argument of one", () => {
        for (const [name, component] of Object.entries(found.components)) {
            assert.ok(component.description, name);
            for (const [property, { description }] of Object.entries({ ...component.inputs, ...component.outputs })) {
                assert.ok(description, `${name}.${property}`);
            }
        }
        for (const { name, properties } of Object.values(found.typeDefinitions)) {
            for (const [property, { description }] of Object.entries(properties ?? {})) {
                assert.ok(description, `${name}.${property}`);
            }
        }
    });

    it("has a schema.json that is up to date; if not: npm run schema", async () => {
        assert.equal(readFileSync(SCHEMA_FILE, "utf8"), await schemaText(found));
    });

    it("loads a part of the provider packages only", () => {
        // tsx and esbuild compile here what is compiled and bundled in the package.
        const loaded =
            "Object.keys(require.cache).filter((file) => /node_modules.(?!tsx|esbuild|get-tsconfig)/.test(file)).length";
        const script = `require("@pulumi/pulumi"); const sdk = ${loaded}; require("./components"); console.log(${loaded} - sdk)`;
        const added = Number(
            execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], { cwd: ROOT, encoding: "utf8" }),
        );
        // In addition to the 766 of @pulumi/pulumi itself; 900 more with the roots of @pulumi/kubernetes and @pulumi/azure-native.
        assert.ok(added > 0 && added < 60, `${added} modules`);
    });
});
