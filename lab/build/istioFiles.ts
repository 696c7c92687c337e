import { cpSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { go, moduleInputs } from "./go";

/** Istio's charts and its bootstrap template for proxies, from the same Go module as its binaries: `istio` or `older-istio`. */
export function istioFilesArtifact(module = "istio"): Artifact {
    const { "go.mod": mod, "go.sum": sum } = moduleInputs(module);
    return {
        name: `${module}-files`,
        key: keyOf({ mod, sum }),
        make: async (directory) => {
            const stdout = await go(module, ["mod", "download", "-json", "istio.io/istio"]);
            const { Dir: source } = JSON.parse(stdout) as { Dir: string };
            cpSync(join(source, "manifests", "charts"), join(directory, "charts"), { recursive: true });
            cpSync(
                join(source, "tools", "packaging", "common", "envoy_bootstrap.json"),
                join(directory, "envoy_bootstrap.json"),
            );
            // Go's module directory is read-only, and its copy in the cache must be removable.
            await command("chmod", ["-R", "u+w", directory]);
        },
    };
}

export interface Charts {
    base: string;
    istiod: string;
    gateway: string;
}

export function chartsIn(istioFiles: string): Charts {
    const charts = join(istioFiles, "charts");
    return {
        base: join(charts, "base"),
        istiod: join(charts, "istio-control", "istio-discovery"),
        gateway: join(charts, "gateway"),
    };
}
