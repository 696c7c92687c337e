import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { go, moduleInputs } from "./go";

const sdk = "github.com/pulumi/pulumi/sdk/v3";
export const pythonExecutor = "pulumi-language-python-exec";

/** The script by which the host for Python runs a program: that of the engine's version, from the same Go module. */
export function pythonExecutorArtifact(): Artifact {
    const { "go.mod": mod, "go.sum": sum } = moduleInputs("pulumi-language-host");
    return {
        name: pythonExecutor,
        key: keyOf({ mod, sum }),
        make: async (directory) => {
            const stdout = await go("pulumi-language-host", ["mod", "download", "-json", sdk]);
            const { Dir: source } = JSON.parse(stdout) as { Dir: string };
            copyFileSync(join(source, "python", "cmd", pythonExecutor), join(directory, pythonExecutor));
        },
    };
}
