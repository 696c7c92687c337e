import { join, resolve } from "node:path";
import { cacheRoot } from "../build/cache";

/** The engine's own folder (plugins, credentials): the user's only when the user says so. */
export function pulumiHome(): string {
    return resolve(process.env["PULUMI_HOME"] || join(cacheRoot(), "pulumi-home"));
}
