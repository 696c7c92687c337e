import { join, resolve } from "node:path";
import { cacheRoot } from "../build/cache";

/** The engine's own folder (plugins, credentials): the user's own folder only if the user asks for it. */
export function pulumiHome(): string {
    return resolve(process.env["PULUMI_HOME"] || join(cacheRoot(), "pulumi-home"));
}
