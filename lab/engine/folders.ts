import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where everything lives that is expensive to get and cheap to lose. */
export function cacheFolder(): string {
    const { MESH_EGRESS_CACHE, XDG_CACHE_HOME } = process.env;
    return resolve(MESH_EGRESS_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "mesh-egress"));
}

/** The engine's own folder (plugins, credentials): the user's only when the user says so. */
export function pulumiHome(): string {
    return resolve(process.env["PULUMI_HOME"] || join(cacheFolder(), "pulumi-home"));
}
