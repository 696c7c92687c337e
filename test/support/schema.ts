import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AnalyzeResult, Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { format, resolveConfig } from "prettier";
import * as components from "../../components";

/*
 * The package's schema, made as Pulumi makes it for users of other languages; as a program, this writes schema.json.
 */

const ROOT = join(__dirname, "../..");
export const SCHEMA_FILE = join(ROOT, "schema.json");

export const componentNames = Object.entries(components as Record<string, unknown>)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name)
    .sort();

export interface PackageJson extends Record<string, unknown> {
    name: string;
    version: string;
    description: string;
    scripts: Record<string, string>;
    dependencies: Record<string, string>;
}

export function packageJson(): PackageJson {
    return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as PackageJson;
}

export function analyze(): AnalyzeResult {
    // The analyzer reads sources; the package's `main` is what the engine starts.
    const json = { ...packageJson(), main: "components/index.ts" };
    return new Analyzer(ROOT, json.name, json, new Set(componentNames)).analyze();
}

export async function schemaText(found: AnalyzeResult = analyze()): Promise<string> {
    const { name, version, description } = packageJson();
    const schema = generateSchema(
        name,
        version,
        description,
        found.components,
        found.typeDefinitions,
        found.dependencies,
    );
    return format(JSON.stringify(schema), { ...(await resolveConfig(SCHEMA_FILE)), filepath: SCHEMA_FILE });
}

if (require.main === module) {
    void schemaText().then((text) => writeFileSync(SCHEMA_FILE, text));
}
