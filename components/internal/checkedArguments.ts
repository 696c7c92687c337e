import * as pulumi from "@pulumi/pulumi";
import { ObjectSpec, ValueSpec, componentOptions, isEnum, referredType } from "../../plan/arguments/packageSchema";
import { ArgumentReader, validateArguments, validateKnown } from "../../plan/arguments/validateArguments";
import { packageSchema } from "./packageSchema";
import { assertValid } from "./validation";

/** Whether a value becomes known later. */
export function isDeferred(value: unknown): boolean {
    return (
        pulumi.Output.isInstance(value) ||
        (typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function")
    );
}

/**
 * The arguments of a component, checked against the package's schema. Known values are checked at once, outputs and
 * promises when their values become known. Resources that use the result therefore never get a refused value.
 */
export function checkedArguments<T extends object>(component: string, name: string, args: T): T {
    const schema = packageSchema();
    const options = componentOptions(schema, component);
    const isResource = (value: unknown) => pulumi.Resource.isInstance(value);
    const reader: ArgumentReader = { schema, isDeferred, isResource };
    // A JavaScript program may omit them.
    const given = args ?? {};
    assertValid(component, name, validateArguments(reader, options, given));
    // The value of an output may be a secret, so no message shows it.
    const quiet: ArgumentReader = { ...reader, repeatsValues: false };

    const later = (spec: ValueSpec, value: unknown, path: string, isRequired: boolean) =>
        (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => {
            if (known !== undefined || isRequired) {
                assertValid(component, name, validateKnown(quiet, spec, known, path));
            }
            return known;
        });
    const object = ({ properties, required = [] }: ObjectSpec, value: object, path: string): object =>
        Object.fromEntries(
            Object.entries(value).map(([key, part]) => {
                const isRequired = required.includes(key);
                return [key, checked(properties[key], part, path === "" ? key : `${path}.${key}`, isRequired)];
            }),
        );
    const checked = (spec: ValueSpec | undefined, value: unknown, path: string, isRequired = true): unknown => {
        if (spec === undefined || value === undefined) {
            return value;
        }
        if (isDeferred(value)) {
            return later(spec, value, path, isRequired);
        }
        if (Array.isArray(value)) {
            return value.map((item, index) => checked(spec.items, item, `${path}[${index}]`));
        }
        if (typeof value !== "object" || value === null || isResource(value)) {
            return value;
        }
        const type = referredType(schema, spec);
        if (type && !isEnum(type)) {
            return object(type, value, path);
        }
        return spec.additionalProperties
            ? Object.fromEntries(
                  Object.entries(value).map(([key, item]) => [
                      key,
                      checked(spec.additionalProperties, item, `${path}.${key}`),
                  ]),
              )
            : value;
    };
    return object(options, given, "") as T;
}
