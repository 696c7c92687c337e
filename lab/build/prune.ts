import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { artifactsOf } from "./build";
import { cacheRoot, directoryOf, partialPrefix } from "./cache";
import { groups } from "./goModules";

/** Removes what other versions of this clone built, and what interrupted builds left; gives the removed names. */
export function prune(): string[] {
    const root = cacheRoot();
    if (!existsSync(root)) return [];
    const current = new Set(groups.flatMap((group) => artifactsOf(group)).map(directoryOf));
    const old = readdirSync(root).filter((name) =>
        name.startsWith(partialPrefix) ? !isBeingMade(name) : name !== "locks" && !current.has(join(root, name)),
    );
    for (const name of old) rmSync(join(root, name), { recursive: true, force: true });
    return old;
}

function isBeingMade(partial: string): boolean {
    return existsSync(`/proc/${partial.slice(partialPrefix.length).split("-")[0]}`);
}
