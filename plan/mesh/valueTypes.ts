import { Violation } from "../shared/violation";

/** Types of fields by message, in the notation of `meshConfigTypes.ts`. */
export type TypeTable = Record<string, Record<string, string>>;

export interface Types {
    fields: TypeTable;
    /** Groups of mutually exclusive fields, by message. */
    oneofs?: Record<string, string[][]>;
}

/** Scalar types of the notation, each with what is accepted and an example. */
const SCALARS: Record<string, { is: (value: unknown) => boolean; expected: string }> = {
    string: { is: (value) => typeof value === "string", expected: "text" },
    bool: { is: (value) => typeof value === "boolean", expected: "true or false" },
    int: { is: (value) => Number.isSafeInteger(value), expected: "a whole number" },
    count: {
        is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
        expected: "a whole number, at least 0",
    },
    number: { is: (value) => typeof value === "number" && Number.isFinite(value), expected: "a number" },
    // Protobuf's JSON mapping accepts only seconds, and Istio refuses fractions of a millisecond.
    duration: {
        is: (value) => typeof value === "string" && /^\d{1,9}(\.\d{1,3})?s$/.test(value) && parseFloat(value) > 0,
        expected: 'seconds as text, such as "10s" or "0.5s"',
    },
    // Helm puts environment variables in quotes, so the value must be one word without quotes.
    word: {
        is: (value) => typeof value === "number" || (typeof value === "string" && /^[A-Za-z0-9._-]{1,40}$/.test(value)),
        expected: "one word",
    },
    switch: {
        is: (value) => ["true", "false", true, false].includes(value as string),
        expected: '"true" or "false"',
    },
    true: { is: (value) => value === "true" || value === true, expected: '"true"' },
    object: { is: isTree, expected: "an object" },
};

/** Refuses a value of another type, at any depth. */
export function validateType(path: string, type: string, value: unknown, types: Types): Violation[] {
    const [, element] = /^\[(.+)\]$/.exec(type) ?? [];
    if (element) {
        return Array.isArray(value)
            ? value.flatMap((one, index) => validateType(`${path}[${index}]`, element, one, types))
            : [mismatch(path, value, "a list")];
    }
    const [, entry] = /^\{(.+)\}$/.exec(type) ?? [];
    if (entry) {
        return isTree(value)
            ? Object.entries(value).flatMap(([key, one]) => validateType(`${path}.${key}`, entry, one, types))
            : [mismatch(path, value, "an object")];
    }
    const scalar = SCALARS[type];
    if (scalar) {
        return scalar.is(value) ? [] : [mismatch(path, value, scalar.expected)];
    }
    const fields = types.fields[type];
    if (fields === undefined) {
        const values = type.split("|");
        return values.includes(value as string) ? [] : [mismatch(path, value, oneOf(values))];
    }
    if (!isTree(value)) {
        return [mismatch(path, value, "an object")];
    }
    return [
        ...Object.entries(value).flatMap(([key, one]) =>
            fields[key] === undefined
                ? [unknownField(`${path}.${key}`, Object.keys(fields))]
                : validateType(`${path}.${key}`, fields[key], one, types),
        ),
        ...(types.oneofs?.[type] ?? []).flatMap((group) => {
            const given = group.filter((field) => value[field] !== undefined);
            return given.length < 2
                ? []
                : [
                      {
                          path,
                          problem: `has ${given.join(" and ")}, but Istio accepts only one of them`,
                          expected: `one of ${group.join(", ")}`,
                          fix: "Remove all but one of them",
                      },
                  ];
        }),
    ];
}

export function unknownField(path: string, known: string[]): Violation {
    return {
        path,
        problem: "is not a known field; if istiod cannot read one field, it uses its defaults for all",
        expected: oneOf(known),
        fix: "Correct the spelling, or remove it",
    };
}

function mismatch(path: string, value: unknown, expected: string): Violation {
    return {
        path,
        ...(["string", "number", "boolean"].includes(typeof value) && { value: value as string | number | boolean }),
        problem:
            "has the wrong type for this field; istiod would start with its defaults instead of this configuration",
        expected,
        fix: "Correct the value",
    };
}

function oneOf(values: string[]): string {
    return values.length > 12
        ? `one of ${values.slice(0, 12).join(", ")} and ${values.length - 12} others`
        : values.join(", ");
}

export function isTree(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
