/*
 * Reads what may be anything: other people's objects are reviewed before the API server has seen them, and a value may
 * not be known yet. What is not of the expected kind counts as absent.
 */

export type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function list(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

export function texts(value: unknown): string[] {
    const items = list(value);
    return items.every(isString) ? items : items.filter(isString);
}

function isString(value: unknown): value is string {
    return typeof value === "string";
}

export function number(value: unknown): number | undefined {
    return typeof value === "number" ? value : undefined;
}

/** The entries of a map of strings, such as labels. */
export function textMap(value: unknown): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [key, inner] of Object.entries(fields(value))) {
        if (typeof inner === "string") {
            found[key] = inner;
        }
    }
    return found;
}

export function has(value: Fields, key: string): boolean {
    return value[key] !== undefined && value[key] !== null;
}
