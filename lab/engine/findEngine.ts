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
    /** For people: which engine this is and where it is from. */
    line: string;
}

export interface FindEngineOptions {
    /** Whether something may be downloaded. */
    download?: boolean;
    /** Gives the path of an engine built from its Go module, if there is one. */
    built?: () => Promise<string | undefined>;
}

/** The npm package's own version; it fetches the engine of the same version when it first runs. */
const npmVersion = "3.265.0";
/** How long a download may take to say no. */
const patience = 20_000;

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

/** What a binary says its version is; undefined when it does not run. */
async function versionOf(command: string): Promise<string | undefined> {
    const { stdout, exitCode } = await attempt(command, ["version"], { timeout: patience, env: quietly() });
    const version = stdout.trim().replace(/^v/, "");
    return exitCode !== 0 || version === "" ? undefined : version;
}

/** Keeps the engine from looking for news of itself, and its files in one place. */
function quietly(): Record<string, string> {
    return { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: pulumiHome() };
}

async function cachedOrDownloaded(download: boolean) {
    const cached = join(pulumiHome(), "versions", npmVersion, "bin", "pulumi");
    if (!isExecutable(cached) && download) {
        const fetched = attempt("npx", ["--yes", `pulumi@${npmVersion}`, "version"], {
            timeout: patience,
            env: quietly(),
            // Not in this folder: its packages and project files would have a say.
            cwd: tmpdir(),
        });
        // A machine without npx is one where npm has no engine; and what npx started may outlive it.
        await Promise.race([fetched.catch(() => undefined), pause(patience + 1000, undefined, { ref: false })]);
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
