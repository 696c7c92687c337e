import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PluginChoice } from "./findPlugins";
import { pulumiHome } from "./folders";

export interface EngineEnvironmentOptions {
    /** Where the stacks' states are kept. */
    stateDir: string;
    /** Encrypts the secrets in them. */
    passphrase: string;
    plugins: PluginChoice[];
    download?: boolean;
}

/** The environment in which the Automation API runs the engine. */
export function engineEnvironment(options: EngineEnvironmentOptions): Record<string, string> {
    const stateDir = resolve(options.stateDir);
    mkdirSync(stateDir, { recursive: true });
    mkdirSync(pulumiHome(), { recursive: true });
    const standIns = linkStandIns(options.plugins);
    return {
        PATH: [standIns, process.env["PATH"]].filter(Boolean).join(delimiter),
        PULUMI_HOME: pulumiHome(),
        PULUMI_BACKEND_URL: pathToFileURL(stateDir).href,
        PULUMI_CONFIG_PASSPHRASE: options.passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...(options.download ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    };
}

/**
 * A folder with only the stand-ins that are needed. The engine prefers PATH to installed plugins, so a
 * stand-in there would replace the official plugin.
 */
function linkStandIns(plugins: PluginChoice[]): string | undefined {
    const needed = plugins.filter(({ source }) => source === "stand-in");
    if (needed.length === 0) {
        return undefined;
    }
    const names = needed.map(({ name }) => name).sort();
    // Another stand-in with the same name gets its own folder, because a running operation may still start the first one.
    const paths = needed.map(({ path }) => path).sort();
    const digest = createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 8);
    const folder = join(pulumiHome(), "stand-ins", `${names.join("+")}-${digest}`);
    mkdirSync(folder, { recursive: true });
    for (const { path } of needed) {
        const link = join(folder, basename(path as string));
        if (!pointsTo(link, path as string)) {
            rmSync(link, { force: true });
            symlinkSync(path as string, link);
        }
    }
    return folder;
}

function pointsTo(link: string, path: string): boolean {
    try {
        return realpathSync(link) === realpathSync(path);
    } catch {
        return false;
    }
}
