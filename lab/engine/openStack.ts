import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { type ConfigMap, LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { engineEnvironment } from "./engineEnvironment";
import type { EngineChoice } from "./findEngine";
import type { PluginChoice } from "./findPlugins";
import { pulumiHome } from "./folders";
import { makeInlineProgramsSafe } from "./inlinePrograms";

export interface OpenStackOptions {
    engine: EngineChoice;
    plugins: PluginChoice[];
    project: string;
    name: string;
    program: PulumiFn;
    stateDir: string;
    passphrase: string;
    config?: ConfigMap;
    download?: boolean;
    /** Further environment variables of the engine and its plugins. */
    env?: Record<string, string>;
}

/** A stack of an inline program, run by the chosen engine with the chosen plugins and a state in a local folder. */
export async function openStack(options: OpenStackOptions): Promise<Stack> {
    const { name, project, program } = options;
    makeInlineProgramsSafe();
    const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: name, projectName: project, program },
        {
            pulumiCommand: await commandOf(options.engine),
            pulumiHome: pulumiHome(),
            envVars: { ...engineEnvironment(options), ...options.env },
            projectSettings: { name: project, runtime: "nodejs" },
        },
    );
    if (options.config) {
        await stack.setAllConfig(options.config);
    }
    return stack;
}

/** The Automation API expects a folder with `bin/pulumi`, but the chosen binary may have another name and place. */
export async function commandOf({ command }: EngineChoice): Promise<PulumiCommand> {
    const root = join(pulumiHome(), "engines", createHash("sha256").update(command).digest("hex").slice(0, 12));
    const link = join(root, "bin", "pulumi");
    mkdirSync(join(root, "bin"), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(command, link);
    return PulumiCommand.get({ root, skipVersionCheck: true });
}
