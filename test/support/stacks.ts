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
            const value = key === "azure" && given ? completed(given as Values) : given;
            return value === undefined ? undefined : JSON.stringify(value);
        },
    });
}

type Values = Record<string, unknown>;

/** The settings of a stack on Azure with what who installs it sets: the administrators, and how prod is reached. */
function completed({ network, ...azure }: Values): Values {
    return { ...azure, network: { ...(network as Values), connectedElsewhere: true }, adminGroup: ADMIN_GROUP };
}

/** The stacks whose cluster is on Azure. */
export const AKS_STACKS = ["dev", "staging", "prod"];
