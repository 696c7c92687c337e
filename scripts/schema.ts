import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AnalyzeResult, Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { format, resolveConfig } from "prettier";
import * as components from "../components";
import { docExamples } from "./docExamples";
import { registryFields } from "./registry";

/*
 * The package's schema, made as Pulumi makes it for users of other languages; as a program, this writes schema.json.
 */

const ROOT = join(__dirname, "..");
export const SCHEMA_FILE = join(ROOT, "schema.json");

export const componentNames = Object.entries(components as Record<string, unknown>)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name)
    .sort();

export interface PackageJson extends Record<string, unknown> {
    name: string;
    version: string;
    description: string;
    keywords: string[];
    license: string;
    repository?: { url: string };
    scripts: Record<string, string>;
    engines: { node: string };
    dependencies: Record<string, string>;
}

export function packageJson(): PackageJson {
    return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as PackageJson;
}

interface Described {
    description?: string;
}

/** The components and their types, as the sources below `root` declare them. */
export function analyze(root = ROOT): AnalyzeResult {
    // The analyzer reads sources; the package's `main` is what the engine starts.
    const json = { ...packageJson(), main: "components/index.ts" };
    const found = new Analyzer(root, json.name, json, new Set(componentNames)).analyze();
    const examples = docExamples(root);
    const withExamples = <T extends Described>(properties: Record<string, T>, owner: string) =>
        Object.fromEntries(
            Object.entries(properties).map(([property, spec]) => [
                property,
                described(spec, examples.ofProperty(owner, property)),
            ]),
        );
    return {
        ...found,
        components: mapValues(found.components, (component, name) => ({
            ...described(component, examples.ofClass(name)),
            inputs: withExamples(component.inputs, `${name}Args`),
        })),
        typeDefinitions: mapValues(found.typeDefinitions, (definition) => ({
            ...inDeclaredOrder(definition),
            ...("properties" in definition && {
                properties: withExamples(definition.properties ?? {}, definition.name),
            }),
        })),
    };
}

/** The same with the example, for whoever reads the schema or an SDK that is made from it. */
function described<T extends Described>(one: T, example: string | undefined): T {
    if (example === undefined) {
        return one;
    }
    const text = example.includes("\n") ? `\n\n\`\`\`typescript\n${example}\n\`\`\`` : ` \`${example}\``;
    return { ...one, description: `${one.description ?? ""}\n\nExample:${text}` };
}

function mapValues<T>(record: Record<string, T>, change: (value: T, key: string) => T): Record<string, T> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** The members of an enum as its source lists them: the analyzer has them in the order of the compiler's own tables. */
function inDeclaredOrder<T extends { name: string; enum?: { name: string }[] }>(definition: T): T {
    const declared = Object.keys((components as Record<string, object>)[definition.name] ?? {});
    const place = ({ name }: { name: string }) => declared.indexOf(name);
    return definition.enum
        ? { ...definition, enum: [...definition.enum].sort((a, b) => place(a) - place(b)) }
        : definition;
}

export async function schemaText(
    found: AnalyzeResult = analyze(),
    manifest: PackageJson = packageJson(),
): Promise<string> {
    const { name, version, description } = manifest;
    const schema = {
        ...generateSchema(name, version, description, found.components, found.typeDefinitions, found.dependencies),
        ...registryFields(manifest),
    };
    return format(JSON.stringify(schema), { ...(await resolveConfig(SCHEMA_FILE)), filepath: SCHEMA_FILE });
}

if (require.main === module) {
    void schemaText().then((text) => writeFileSync(SCHEMA_FILE, text));
}
