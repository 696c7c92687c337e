import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of this package, from the nearest package.json above: there is one level more in the compiled package. */
export function packageVersion(): string {
    for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
        const file = join(folder, "package.json");
        if (existsSync(file)) {
            return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
        }
    }
    return "0.0.0";
}
