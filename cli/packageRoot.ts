import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package: the nearest above with a package.json. The compiled package has one level more. */
export function packageRoot(): string {
    let folder = __dirname;
    while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) {
        folder = dirname(folder);
    }
    return folder;
}
