import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { PackageSchema } from "../plan/arguments/packageSchema";
import { referencePages } from "./reference/pages";

/*
 * The reference documentation, made from schema.json; as a program, this writes docs/reference.
 */

const SCHEMA_FILE = join(__dirname, "../schema.json");

export const REFERENCE_FOLDER = join(__dirname, "../docs/reference");

/** Every page by its file name, formatted as the repository's Markdown is. */
export async function referenceFiles(schema: PackageSchema): Promise<Map<string, string>> {
    const options = await resolveConfig(join(REFERENCE_FOLDER, "README.md"));
    const files = [...referencePages(schema)].map(async ([name, text]): Promise<[string, string]> => [
        name,
        await format(text, { ...options, parser: "markdown" }),
    ]);
    return new Map(await Promise.all(files));
}

async function write(): Promise<void> {
    const files = await referenceFiles(JSON.parse(readFileSync(SCHEMA_FILE, "utf8")) as PackageSchema);
    mkdirSync(REFERENCE_FOLDER, { recursive: true });
    for (const old of readdirSync(REFERENCE_FOLDER).filter((name) => !files.has(name))) {
        rmSync(join(REFERENCE_FOLDER, old));
    }
    for (const [name, text] of files) {
        writeFileSync(join(REFERENCE_FOLDER, name), text);
    }
}

if (require.main === module) {
    void write();
}
