import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PackageSchema } from "../../plan/arguments/packageSchema";

let known: PackageSchema | undefined;

/** The package's schema, read once. It is next to package.json, above the sources and above `bin/` alike. */
export function packageSchema(): PackageSchema {
    known ??= JSON.parse(readFileSync(schemaFile(__dirname), "utf8")) as PackageSchema;
    return known;
}

function schemaFile(folder: string): string {
    const file = join(folder, "schema.json");
    if (existsSync(file)) {
        return file;
    }
    const above = dirname(folder);
    if (above === folder) {
        throw new Error("schema.json is missing from the package mesh-egress. Install the package again.");
    }
    return schemaFile(above);
}
