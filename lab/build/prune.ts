import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { artifactsOf } from "./build";
import { cacheRoot, directoryOf, partialPrefix } from "./cache";
import { groups } from "./goModules";

/** Removes what other versions of this clone built and what interrupted builds left. Returns the removed names. */
export function prune(): string[] {
    const root = cacheRoot();
    if (!existsSync(root)) return [];
    const artifacts = groups.flatMap((group) => artifactsOf(group));
    const known = new Set(artifacts.map(({ name }) => name));
    const current = new Set(artifacts.map(directoryOf));
    const old = readdirSync(root).filter((name) => mayBeOld(name, known) && !current.has(join(root, name)));
    for (const name of old) rmSync(join(root, name), { recursive: true, force: true });
    return old;
}

/** Other programs use the cache too, so only names that this code could have created are candidates. */
export function mayBeOld(directory: string, known: Set<string>): boolean {
    if (directory.startsWith(partialPrefix)) return !isBeingMade(directory);
    const [, name] = /^(.+)-[0-9a-f]{16}$/.exec(directory) ?? [];
    return name !== undefined && known.has(name);
}

function isBeingMade(partial: string): boolean {
    return existsSync(`/proc/${partial.slice(partialPrefix.length).split("-")[0]}`);
}
