import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import { LabError } from "../errors";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";

const version = "11.17.2";
const sha256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8";
const script = "dist/mermaid.min.js";

/** Mermaid as one script for a browser: `mermaid`. As a dependency, it would add 80 MB. */
export function mermaidArtifact(): Artifact {
    return {
        name: "mermaid",
        key: keyOf({ version, sha256 }),
        make: async (directory) => {
            const file = join(directory, "mermaid");
            await command("npm", ["pack", "--silent", "--pack-destination", directory, `mermaid@${version}`]);
            const archive = join(directory, `mermaid-${version}.tgz`);
            await command("tar", ["--extract", "--file", archive, "--directory", directory, `package/${script}`]);
            renameSync(join(directory, "package", script), file);
            const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
            if (digest !== sha256) {
                throw new LabError(`${script} of mermaid ${version} has the hash ${digest} instead of ${sha256}`);
            }
            rmSync(archive);
            rmSync(join(directory, "package"), { recursive: true });
        },
    };
}
