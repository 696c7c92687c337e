import { PackageSchema, ValueSpec, isAny, isEnum, referredType } from "./packageSchema";

/** The value for a message. `plan/shared/shownValue.ts` decides how much of a text is shown. */
export function shown(
    { repeatsValues = true }: { repeatsValues?: boolean },
    value: unknown,
): { value?: string | number | boolean } {
    return repeatsValues && isScalar(value) ? { value } : {};
}

function isScalar(value: unknown): value is string | number | boolean {
    return typeof value === "boolean" || typeof value === "string" || Number.isFinite(value);
}

/** Kind of a value, in words. */
export function kindOf(value: unknown): string {
    if (value === undefined) {
        return "missing";
    }
    if (value === null) {
        return "null";
    }
    if (Array.isArray(value)) {
        return "a list";
    }
    switch (typeof value) {
        case "string":
            return "text";
        case "object":
            return "an object";
        case "number":
            return Number.isFinite(value) ? "a number" : "not a finite number";
        case "boolean":
            return "a boolean";
        default:
            return `a ${typeof value}`;
    }
}

/** Accepted values of an option, in words. */
export function expectationOf(schema: PackageSchema, spec: ValueSpec): string {
    const type = referredType(schema, spec);
    if (type && isEnum(type)) {
        return `one of ${type.enum.map(({ value }) => JSON.stringify(value)).join(", ")}`;
    }
    if (type) {
        return `an object with ${listed(Object.keys(type.properties), type.required ?? [])}`;
    }
    if (isAny(spec)) {
        return "a value";
    }
    switch (spec.type) {
        case "array":
            return `a list${spec.items ? ` of ${pluralOf(schema, spec.items)}` : ""}`;
        case "object":
            return "an object";
        case "string":
            return "text";
        case "boolean":
            return "true or false";
        default:
            return "a number";
    }
}

function pluralOf(schema: PackageSchema, spec: ValueSpec): string {
    const type = referredType(schema, spec);
    if (type && !isEnum(type)) {
        return `objects with ${listed(Object.keys(type.properties), type.required ?? [])}`;
    }
    return spec.type === "string" ? "texts" : spec.type === "number" ? "numbers" : "values";
}

/** The keys of an object; if there are many, only the required ones. */
function listed(keys: string[], required: string[]): string {
    const named = keys.length <= 6 || required.length === 0 ? keys : required;
    const shown = named.slice(0, 6).join(", ");
    return named.length < keys.length || named.length > 6 ? `${shown} and others` : shown;
}
