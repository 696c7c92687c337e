import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { unpackPackages } from "./debianPackages";

const PACKAGE = "prometheus";
/** Its programs, which need no library other than libc. */
export const PROMETHEUS_PROGRAMS = ["prometheus", "promtool"];

/** Debian's Prometheus, unpacked in a folder instead of installed: the server and `promtool`. */
export function prometheusArtifact(): Artifact {
    return {
        name: "prometheus",
        key: keyOf({ package: PACKAGE, programs: PROMETHEUS_PROGRAMS.join() }),
        make: async (directory, say) => {
            const root = await unpackPackages(directory, [PACKAGE], say);
            for (const program of PROMETHEUS_PROGRAMS) {
                renameSync(join(root, "usr", "bin", program), join(directory, program));
                // Fails here instead of in a test if it does not run on this machine.
                await command(join(directory, program), ["--version"]);
            }
            rmSync(root, { recursive: true });
        },
    };
}
