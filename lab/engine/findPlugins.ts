import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { attempt } from "../command";
import type { EngineChoice } from "./findEngine";
import { findOnPath, isExecutable } from "./findOnPath";
import { pulumiHome } from "./folders";

export interface PluginChoice {
    name: string;
    source: "official" | "stand-in";
    version: string;
    /** Path of the executable, if the engine does not find it by itself. */
    path?: string;
    line: string;
}

export interface FindPluginsOptions {
    download?: boolean;
    /** Needed only for downloads: the engine does them. */
    engine?: EngineChoice;
    /** The plugins a program uses. */
    names?: string[];
}

const standIns = resolve(__dirname, "..", "standins", "bin");
/** Time limit for a download. A failure is reported within seconds. */
const patience = 120_000;

/** The official plugin where it is available, otherwise the stand-in. */
export async function findPlugins(options: FindPluginsOptions = {}): Promise<PluginChoice[]> {
    const choices: PluginChoice[] = [];
    let download = options.download ?? false;
    for (const name of options.names ?? ["kubernetes", "tls"]) {
        const version = versionAskedFor(name);
        let official = findOfficial(name, version);
        if (!official && download && options.engine) {
            download = await install(options.engine, name, version);
            official = findOfficial(name, version);
        }
        choices.push(official ?? standIn(name, version));
    }
    return choices;
}

/** The plugin's version is the one of the package the program imports. */
function versionAskedFor(name: string): string {
    const file = createRequire(__filename).resolve(`@pulumi/${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return version;
}

function findOfficial(name: string, version: string): PluginChoice | undefined {
    const executable = `pulumi-resource-${name}`;
    const installed = join(pulumiHome(), "plugins", `resource-${name}-v${version}`, executable);
    const line = `${name} ${version} (official)`;
    if (isExecutable(installed)) {
        return { name, source: "official", version, line };
    }
    // The engine uses the plugin on the user's PATH, whatever its version. The stand-in is not the user's plugin.
    const onPath = findOnPath(executable, (path) => realpathSync(path) !== realpathSync(join(standIns, executable)));
    return onPath ? { name, source: "official", version, line: `${name} (${onPath})` } : undefined;
}

function standIn(name: string, version: string): PluginChoice {
    const path = join(standIns, `pulumi-resource-${name}`);
    if (!isExecutable(path)) {
        throw new Error(`there is neither an official plugin ${name} ${version} nor a stand-in for it`);
    }
    const line = `${name} ${version}: a stand-in (tests and demo only; the official one is not to be had here)`;
    return { name, source: "stand-in", version, path, line };
}

/** Lets the engine download a plugin. Returns whether to try the next one: if this fails, the network is unavailable. */
async function install(engine: EngineChoice, name: string, version: string): Promise<boolean> {
    const { exitCode } = await attempt(engine.command, ["plugin", "install", "resource", name, `v${version}`], {
        timeout: patience,
        // Not in this folder, whose project files would change the result.
        cwd: tmpdir(),
        env: { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: pulumiHome() },
    });
    return exitCode === 0;
}
