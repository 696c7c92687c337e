import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "../lock";
import type { Say } from "../progress";

/** Folder of everything that is built. It is outside the clone, so that all clones and CI runs on a machine share it. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
    if (env.MESH_EGRESS_CACHE) return env.MESH_EGRESS_CACHE;
    return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "mesh-egress");
}

/** A short name for a set of inputs, independent of the order of keys. */
export function keyOf(inputs: Record<string, string>): string {
    const hash = createHash("sha256");
    for (const name of Object.keys(inputs).sort()) {
        hash.update(`${name.length}:${name}${inputs[name].length}:${inputs[name]}`);
    }
    return hash.digest("hex").slice(0, 16);
}

/** A thing the lab builds once and keeps. */
export interface Artifact {
    /** Its name, with which the name of its directory starts. */
    name: string;
    /** The hash of everything that went in. */
    key: string;
    /** Fills an empty directory. */
    make: (directory: string, say: Say) => Promise<void>;
}

export function directoryOf(artifact: Pick<Artifact, "name" | "key">): string {
    return join(cacheRoot(), `${artifact.name}-${artifact.key}`);
}

/** The artifact's directory when it is built, without building it. */
export function cached(artifact: Pick<Artifact, "name" | "key">): string | undefined {
    const directory = directoryOf(artifact);
    return existsSync(directory) ? directory : undefined;
}

/** Name of the directory of an artifact that is being built. `prune` removes abandoned ones. */
export const partialPrefix = ".partial-";

/** The artifact's directory, built first if it has to be. */
export async function obtain(artifact: Artifact, say: Say): Promise<string> {
    const directory = directoryOf(artifact);
    if (existsSync(directory)) return directory;
    return withLock(
        join(cacheRoot(), "locks", `${artifact.name}-${artifact.key}`),
        (holder) => say(`waiting for ${holder}, which is building it`),
        async () => {
            if (existsSync(directory)) return directory;
            const partial = join(cacheRoot(), `${partialPrefix}${process.pid}-${randomBytes(4).toString("hex")}`);
            mkdirSync(partial, { recursive: true });
            try {
                await artifact.make(partial, say);
                // The directory gets its name once it is complete, so an interrupted build leaves nothing that looks complete.
                renameSync(partial, directory);
            } finally {
                rmSync(partial, { recursive: true, force: true });
            }
            return directory;
        },
    );
}
