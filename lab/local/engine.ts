import { binary, build } from "../build/build";
import { EngineChoice, findEngine } from "../engine";
import { LabError } from "../errors";

/** The engine on PATH, the one that npm fetches, or the one built here; without any, the error says how to get one. */
export async function localEngine(options: {
    download: boolean;
    build: boolean;
    say?: (text: string) => void;
}): Promise<EngineChoice> {
    const engine = await findEngine({
        download: options.download,
        built: async () => {
            if (options.build) {
                await build("engine", options.say);
            }
            return binary("pulumi");
        },
    });
    if (engine === undefined) {
        throw new LabError("There is no Pulumi engine. Put pulumi on PATH, or build it: npm run lab -- build engine");
    }
    return engine;
}
