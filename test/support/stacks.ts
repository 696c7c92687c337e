import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { StackConfig, readConfig } from "../../stacks/config";

/** The group that administers the clusters of the tests: who installs an environment sets it. */
export const ADMIN_GROUP = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

/** The configuration of a stack that the repository has, as the engine would give it to the program. */
export function stackConfig(stack: string): StackConfig {
    const file = join(__dirname, "../../stacks", `Pulumi.${stack}.yaml`);
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    return readConfig({
        name: "mesh-egress",
        get: (key) => {
            const given = config[`mesh-egress:${key}`];
            const value = key === "azure" && given ? { ...given, adminGroup: ADMIN_GROUP } : given;
            return value === undefined ? undefined : JSON.stringify(value);
        },
    });
}

/** The stacks whose cluster is on Azure. */
export const AKS_STACKS = ["dev", "staging", "prod"];
