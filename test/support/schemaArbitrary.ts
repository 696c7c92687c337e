import fc from "fast-check";
import { ObjectSpec, PackageSchema, ValueSpec, isAny, isEnum, referredType } from "../../plan/arguments/packageSchema";

/** Any arguments of the declared types. Components may refuse them for what they say, never for their types. */
export function ofObject(schema: PackageSchema, { properties, required = [] }: ObjectSpec): fc.Arbitrary<object> {
    const parts = Object.entries(properties).map(([key, spec]): [string, fc.Arbitrary<unknown>] => [
        key,
        ofValue(schema, spec),
    ]);
    return fc.record(Object.fromEntries(parts), { requiredKeys: required, noNullPrototype: true });
}

function ofValue(schema: PackageSchema, spec: ValueSpec): fc.Arbitrary<unknown> {
    if (isAny(spec)) {
        return fc.jsonValue({ maxDepth: 1 }).filter((value) => value !== null);
    }
    const type = referredType(schema, spec);
    if (type) {
        return isEnum(type) ? fc.constantFrom(...type.enum.map(({ value }) => value)) : ofObject(schema, type);
    }
    switch (spec.type) {
        case "array":
            return fc.array(ofValue(schema, spec.items ?? {}), { maxLength: 2 });
        case "object":
            return fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), ofValue(schema, spec.additionalProperties ?? {}), {
                maxKeys: 2,
                noNullPrototype: true,
            });
        case "boolean":
            return fc.boolean();
        case "number":
        case "integer":
            return fc.integer();
        default:
            return fc.string();
    }
}

/** Some of these arguments: what may be left out, at any depth, is there or not. */
export function someOf(schema: PackageSchema, options: ObjectSpec, args: object): fc.Arbitrary<object> {
    const given = Object.entries(args).map(([key, value]): [string, fc.Arbitrary<unknown>] => {
        const type = options.properties[key] && referredType(schema, options.properties[key]);
        return [key, type && !isEnum(type) ? someOf(schema, type, value as object) : fc.constant(value)];
    });
    return fc.record(Object.fromEntries(given), {
        requiredKeys: (options.required ?? []).filter((key) => key in args),
        noNullPrototype: true,
    });
}
