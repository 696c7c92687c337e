import { binary, build } from "../build/build";
import { EngineChoice, findEngine } from "../engine";
import { findOnPath } from "../engine/findOnPath";
import { LabError } from "../errors";
import { Machine, labRunsOn } from "./cluster";

/** The engine on PATH, the one that npm fetches, or the one built here; without any, the error says how to get one. */
export async function localEngine(options: {
    download: boolean;
    build: boolean;
    say?: (text: string) => void;
}): Promise<EngineChoice> {
    const canBuild = canBuildEngine();
    const engine = await findEngine({
        download: options.download,
        built: async () => {
            if (options.build && canBuild) {
                await build("engine", options.say);
            }
            return binary("pulumi");
        },
    });
    if (engine === undefined) {
        const install = `There is no Pulumi engine. Install it: ${engineInstallation()}`;
        throw new LabError(canBuild ? `${install}\nOr build it: npm run lab -- build engine` : install);
    }
    return engine;
}

/** Whether the engine can be built from its Go module: only where the lab's builds run, and where Go is installed. */
export function canBuildEngine(machine: Machine = process): boolean {
    return labRunsOn(machine) && findOnPath("go") !== undefined;
}

/** The command that installs Pulumi on this machine. */
export function engineInstallation(platform: NodeJS.Platform = process.platform): string {
    return platform === "darwin" ? "brew install pulumi/tap/pulumi" : "curl -fsSL https://get.pulumi.com | sh";
}
