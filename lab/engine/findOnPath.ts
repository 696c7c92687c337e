import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The first executable of that name on PATH that is acceptable. */
export function findOnPath(name: string, accept: (path: string) => boolean = () => true): string | undefined {
    const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
    return folders.map((folder) => join(folder, name)).find((path) => isExecutable(path) && accept(path));
}

export function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
