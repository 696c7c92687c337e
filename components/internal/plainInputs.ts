import * as pulumi from "@pulumi/pulumi";
import { ObjectSpec, ValueSpec, componentOptions, isEnum, referredType } from "../../plan/arguments/packageSchema";
import { packageSchema } from "./packageSchema";

/**
 * Converts inputs from a program in another language to plain values, if plain values are declared. The engine wraps
 * values that depend on other resources into outputs, even if they are known. Unknown and secret values stay outputs,
 * which the check of the arguments refuses.
 */
export async function plainInputs(component: string, inputs: pulumi.Inputs): Promise<pulumi.Inputs> {
    return await plainObject(componentOptions(packageSchema(), component), inputs);
}

async function plainObject({ properties }: ObjectSpec, value: object): Promise<object> {
    const entries = Object.entries(value).map(
        async ([key, part]) => [key, await plainValue(properties[key], part)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
}

async function plainValue(spec: ValueSpec | undefined, given: unknown): Promise<unknown> {
    if (spec?.plain !== true) {
        return given;
    }
    const value = pulumi.Output.isInstance(given) ? await plainOutput(given) : given;
    if (Array.isArray(value)) {
        return Promise.all(value.map((item) => plainValue(spec.items, item)));
    }
    if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) {
        return value;
    }
    const type = referredType(packageSchema(), spec);
    if (type && !isEnum(type)) {
        return plainObject(type, value);
    }
    const { additionalProperties } = spec;
    return additionalProperties
        ? plainObject(
              { properties: Object.fromEntries(Object.keys(value).map((key) => [key, additionalProperties])) },
              value,
          )
        : value;
}

/** Properties of an output that are missing in the SDK's types. */
interface Told {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    promise(): Promise<unknown>;
}

async function plainOutput(output: pulumi.Output<unknown>): Promise<unknown> {
    const told = output as unknown as Told;
    return (await told.isKnown) && !(await told.isSecret) ? told.promise() : output;
}
