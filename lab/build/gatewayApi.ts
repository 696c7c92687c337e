import { cpSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { go, moduleInputs } from "./go";

/** The CRDs of the Gateway API that Istio is tested with, from the same Go module as its binaries. */
export function gatewayApiArtifact(): Artifact {
    const { "go.mod": mod, "go.sum": sum } = moduleInputs("istio");
    return {
        name: "gateway-api",
        key: keyOf({ mod, sum }),
        make: async (directory) => {
            const { Dir: source } = JSON.parse(await go("istio", ["mod", "download", "-json", "istio.io/istio"])) as {
                Dir: string;
            };
            const crds = join(source, "tests", "integration", "pilot", "testdata", "gateway-api-crd.yaml");
            cpSync(crds, join(directory, "crds.yaml"));
            // Go's module directory is read-only, and its copy in the cache must be removable.
            await command("chmod", ["-R", "u+w", directory]);
        },
    };
}
