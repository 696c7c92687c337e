import { isRecord } from "../shared/isRecord";
import { Violation } from "../shared/violation";
import { ObjectSpec, PackageSchema, ValueSpec, isAny, isEnum, referredType } from "./packageSchema";
import { expectationOf, kindOf, shown } from "./describeValue";
import { enumViolation, typeFix, unknownKeyViolation } from "./argumentViolations";

/** How arguments are read. The functions hide Pulumi from `plan/`. */
export interface ArgumentReader {
    schema: PackageSchema;
    /** Whether the value becomes known later, such as an output or a promise. It is then checked later. */
    isDeferred: (value: unknown) => boolean;
    /** Whether the value is a resource, which may have more properties than the options that it represents. */
    isResource: (value: unknown) => boolean;
    /** Whether messages may repeat values. Default: true; false for values that may be secret. */
    repeatsValues?: boolean;
}

/** Position of a value in the arguments. */
interface Place {
    path: string;
    /** Whether an output is allowed here: for this option or for an object around it. */
    mayDefer: boolean;
}

/**
 * Every violation of the declared options by `value`: unknown and missing keys, wrong types, values that are not in an
 * enum, `null`, and outputs where a plain value is required.
 */
export function validateArguments(reader: ArgumentReader, options: ObjectSpec, value: unknown): Violation[] {
    return validateObject(reader, options, value, { path: "", mayDefer: false });
}

/** The same for one value that has become known, at its path. */
export function validateKnown(reader: ArgumentReader, spec: ValueSpec, value: unknown, path: string): Violation[] {
    return validateValue(reader, spec, value, { path, mayDefer: true });
}

function validateObject(reader: ArgumentReader, options: ObjectSpec, value: unknown, place: Place): Violation[] {
    if (!isRecord(value)) {
        return [typeViolation(reader, { type: "object" }, value, { ...place, path: place.path || "arguments" })];
    }
    const given = value;
    const names = Object.keys(options.properties);
    const required = options.required ?? [];
    const unknown = reader.isResource(value)
        ? []
        : Object.keys(given).filter((key) => !Object.hasOwn(options.properties, key));
    // A misspelled key is also a missing one. It is reported once.
    const suggested = unknown.map((key) => unknownKeyViolation(place.path, key, names));
    const mistaken = new Set(suggested.map(({ meant }) => meant));
    return [
        ...suggested.map(({ violation }) => violation),
        ...names.flatMap((key): Violation[] => {
            const path = pathOf(place.path, key);
            const part = given[key];
            if (part !== undefined) {
                return validateValue(reader, options.properties[key], part, { path, mayDefer: place.mayDefer });
            }
            return required.includes(key) && !mistaken.has(key) ? [missing(reader, options.properties[key], path)] : [];
        }),
    ];
}

function validateValue(reader: ArgumentReader, spec: ValueSpec, value: unknown, outer: Place): Violation[] {
    const place = { ...outer, mayDefer: outer.mayDefer || spec.plain !== true };
    if (reader.isDeferred(value)) {
        return place.mayDefer ? [] : [deferred(reader, spec, place.path)];
    }
    if (isAny(spec)) {
        return [];
    }
    if (value === null) {
        return [typeViolation(reader, spec, value, place)];
    }
    const type = referredType(reader.schema, spec);
    if (type) {
        return isEnum(type)
            ? type.enum.some((member) => member.value === value)
                ? []
                : [enumViolation(type, value, place.path, shown(reader, value))]
            : isRecord(value)
              ? validateObject(reader, type, value, place)
              : [typeViolation(reader, spec, value, place)];
    }
    switch (spec.type) {
        case "array":
            return Array.isArray(value)
                ? value.flatMap((item: unknown, index) =>
                      validateItem(reader, spec.items ?? {}, item, { ...place, path: `${place.path}[${index}]` }),
                  )
                : [typeViolation(reader, spec, value, place)];
        case "object":
            return isRecord(value)
                ? Object.entries(value).flatMap(([key, item]) =>
                      validateItem(reader, spec.additionalProperties ?? {}, item, {
                          ...place,
                          path: pathOf(place.path, key),
                      }),
                  )
                : [typeViolation(reader, spec, value, place)];
        default:
            return isScalar(spec, value) ? [] : [typeViolation(reader, spec, value, place)];
    }
}

/** An item of a list or a record, which must have a value. */
function validateItem(reader: ArgumentReader, spec: ValueSpec, value: unknown, place: Place): Violation[] {
    return value === undefined ? [missing(reader, spec, place.path)] : validateValue(reader, spec, value, place);
}

function isScalar({ type }: ValueSpec, value: unknown): boolean {
    return type === "number" || type === "integer"
        ? Number.isFinite(value)
        : typeof value === type || type === undefined;
}

function missing(reader: ArgumentReader, spec: ValueSpec, path: string): Violation {
    return { path, problem: "is missing", expected: expectationOf(reader.schema, spec), fix: "Set it" };
}

function deferred(reader: ArgumentReader, spec: ValueSpec, path: string): Violation {
    return {
        path,
        problem: "is not known before the update, but it decides which resources are created",
        expected: `${expectationOf(reader.schema, spec)} as a plain value, neither an output nor a secret`,
        fix: "Write the value itself, or take it from configuration",
    };
}

function typeViolation(reader: ArgumentReader, spec: ValueSpec, value: unknown, { path }: Place): Violation {
    return {
        path,
        ...shown(reader, value),
        problem: `is ${kindOf(value)}`,
        expected: expectationOf(reader.schema, spec),
        fix: typeFix(reader.schema, spec, value),
    };
}

/** The path of a key. A key that is not a plain word is quoted, as in Pulumi's property paths. */
function pathOf(outer: string, key: string): string {
    if (!/^[A-Za-z_$][\w$-]*$/.test(key)) {
        return `${outer}[${JSON.stringify(key)}]`;
    }
    return outer === "" ? key : `${outer}.${key}`;
}
