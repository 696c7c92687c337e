import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { StackConfig, readConfig } from "../../stacks/config";

/** The configuration of a stack that the repository has, as the engine would give it to the program. */
export function stackConfig(stack: string): StackConfig {
    const file = join(__dirname, "../../stacks", `Pulumi.${stack}.yaml`);
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    return readConfig({
        name: "mesh-egress",
        get: (key) => {
            const value = config[`mesh-egress:${key}`];
            return value === undefined ? undefined : JSON.stringify(value);
        },
    });
}

/** The stacks whose cluster is on Azure. */
export const AKS_STACKS = ["dev", "staging", "prod"];
