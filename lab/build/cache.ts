import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "../lock";
import type { Say } from "../progress";

/** Where everything built is kept: outside the clone, so that every clone and every CI run of a machine shares it. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
    if (env.MESH_EGRESS_CACHE) return env.MESH_EGRESS_CACHE;
    return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "mesh-egress");
}

/** A short name for a set of inputs: the same inputs in any order of keys, the same name. */
export function keyOf(inputs: Record<string, string>): string {
    const hash = createHash("sha256");
    for (const name of Object.keys(inputs).sort()) {
        hash.update(`${name.length}:${name}${inputs[name].length}:${inputs[name]}`);
    }
    return hash.digest("hex").slice(0, 16);
}

/** A thing the lab builds once and keeps. */
export interface Artifact {
    /** What people call it; the start of its directory's name. */
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

/** What a half-made artifact's directory is called; `prune` removes those nobody is making. */
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
                // The name appears only when everything is in it: an interrupted build leaves nothing that looks whole.
                renameSync(partial, directory);
            } finally {
                rmSync(partial, { recursive: true, force: true });
            }
            return directory;
        },
    );
}
