import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { binary } from "../build/build";
import { cached } from "../build/cache";
import { pythonExecutor, pythonExecutorArtifact } from "../build/pythonExecutor";
import { pulumiHome } from "./folders";

/**
 * A folder for PATH with the language hosts that are built here, or undefined where some are not. An official engine
 * brings its own.
 */
export function languageFolder(): string | undefined {
    const host = binary("pulumi-language-host");
    const executor = cached(pythonExecutorArtifact());
    const files: Record<string, string | undefined> = {
        // The stand-in tells by its name which language it is for, and finds the old hosts next to it.
        "pulumi-language-nodejs": host,
        "pulumi-language-python": host,
        "pulumi-language-yaml": binary("pulumi-language-yaml"),
        "originals/pulumi-language-nodejs": binary("pulumi-language-nodejs"),
        "originals/pulumi-language-python": binary("pulumi-language-python"),
        [`originals/${pythonExecutor}`]: executor && join(executor, pythonExecutor),
    };
    const targets = Object.values(files);
    if (targets.includes(undefined)) {
        return undefined;
    }
    const key = createHash("sha256").update(targets.join("\n")).digest("hex").slice(0, 12);
    const folder = join(pulumiHome(), "languages", key);
    for (const [name, target] of Object.entries(files)) {
        const link = join(folder, name);
        mkdirSync(dirname(link), { recursive: true });
        rmSync(link, { force: true });
        symlinkSync(target as string, link);
    }
    return folder;
}
