import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { attempt } from "../command";
import { pulumiHome } from "./folders";
import { findOnPath, isExecutable } from "./findOnPath";

export interface EngineChoice {
    /** The path of the `pulumi` binary. */
    command: string;
    source: "PATH" | "npm" | "built";
    version: string;
    /** Description for users: which engine it is, and where it comes from. */
    line: string;
}

export interface FindEngineOptions {
    /** Whether something may be downloaded. */
    download?: boolean;
    /** Returns the path of an engine that was built from its Go module, if there is one. */
    built?: () => Promise<string | undefined>;
}

/** The npm package's own version; it fetches the engine of the same version when it first runs. */
const npmVersion = "3.265.0";
/** Time limit of the engine's answer to `version`. */
const patience = 20_000;
/** Time limit of a download: the archive has 100 MB. */
const downloadPatience = 5 * 60_000;

/** The engine to use: the user's own, one that npm can fetch, or one built from source. Undefined when there is none. */
export async function findEngine(options: FindEngineOptions = {}): Promise<EngineChoice | undefined> {
    const onPath = findOnPath("pulumi");
    return (
        (onPath && (await choose(onPath, "PATH", "on PATH"))) ||
        (await cachedOrDownloaded(options.download ?? false)) ||
        (await fromSource(options.built ?? fromEnvironment)) ||
        undefined
    );
}

async function choose(command: string, source: EngineChoice["source"], from: string) {
    const version = await versionOf(command);
    return version ? { command, source, version, line: `Pulumi ${version} (${from})` } : undefined;
}

/** Version that a binary reports. Undefined if it does not run. */
async function versionOf(command: string): Promise<string | undefined> {
    const { stdout, exitCode } = await attempt(command, ["version"], { timeout: patience, env: quietly() });
    const version = stdout.trim().replace(/^v/, "");
    return exitCode !== 0 || version === "" ? undefined : version;
}

/** Turns off the engine's update check, and keeps its files in one place. */
function quietly(): Record<string, string> {
    return { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: pulumiHome() };
}

async function cachedOrDownloaded(download: boolean) {
    const cached = join(pulumiHome(), "versions", npmVersion, "bin", "pulumi");
    if (!isExecutable(cached) && download) {
        const fetched = attempt("npx", ["--yes", `pulumi@${npmVersion}`, "version"], {
            timeout: downloadPatience,
            env: quietly(),
            // Not in this folder, whose packages and project files would change the result.
            cwd: tmpdir(),
        });
        // Without npx, npm has no engine either. A process that npx started may outlive npx.
        await Promise.race([fetched.catch(() => undefined), pause(downloadPatience + 1000, undefined, { ref: false })]);
    }
    return isExecutable(cached) ? choose(cached, "npm", "downloaded by npm") : undefined;
}

async function fromSource(built: () => Promise<string | undefined>) {
    const command = await built();
    return command && isExecutable(command) ? choose(command, "built", "built from its Go module") : undefined;
}

function fromEnvironment(): Promise<string | undefined> {
    return Promise.resolve(process.env["MESH_EGRESS_ENGINE"] || undefined);
}
