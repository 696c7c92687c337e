import { kindOf, pathInputs } from "../../lab/standins/azure-native/kinds";
import { AzureStandIn } from "../../lab/standins/azure-native/provider";
import type { Properties } from "../../lab/standins/shared/values";

/*
 * What Azure's resource manager would answer, as the stand-in for its plugin has it.
 */

type Values = Record<string, unknown>;

/** What is added to the inputs of the resource with this name; nothing for one that is not Azure's. */
export function armOutputs(type: string, name: string, inputs: Values): Values {
    if (!type.startsWith("azure-native:")) {
        return {};
    }
    const kind = kindOf(type);
    const own = inputs[pathInputs(kind).at(-1) as string];
    return { name: own ?? name, ...kind.computed?.(JSON.stringify(inputs), inputs as Properties) };
}

/** What a function answers; undefined for one that is not Azure's. */
export async function armResult(token: string, inputs: Values): Promise<Values | undefined> {
    return token.startsWith("azure-native:")
        ? new AzureStandIn("0.0.0").invoke({ token, args: inputs as Properties })
        : undefined;
}
