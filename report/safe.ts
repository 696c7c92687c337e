/*
 * What of a step may be shown. Everything that reaches a page goes through `safeText`; secrets and values that are not
 * known yet are gone before anything looks at them.
 */

/** A step's properties without secrets and unknown values. */
export type Fields = Record<string, unknown>;

/** The engine marks its special values, secrets among them, with an object that has this key. */
const SPECIAL = "4dabf18193072939515e22adb298388d";
/** What the engine writes where a value is not known before the update. */
const UNKNOWN = /^(04da6b54-80e4-46f7-96ec-b56ff0331ba9|\[secret\]|\[unknown\]|output<.*>)$/;
/** Beyond the longest DNS name nothing of a safe field is worth reading. */
const MAX_LENGTH = 253;

/**
 * A PEM block, also in base64 as a Secret has it, a line of one whose beginning is damaged, or a JSON Web Token. No name
 * has line breaks.
 */
const SECRET = /-----BEGIN|LS0tLS1CRUdJTi|[A-Za-z0-9+/]{40}[\r\n]|\beyJ[\w-]{10,}\.[\w-]/;

/** A copy without secrets, assets and unknown values, whatever is marked as one. */
export function withoutSecrets(value: unknown): unknown {
    if (typeof value === "string") {
        return UNKNOWN.test(value) ? undefined : value;
    }
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    if (value === null || typeof value !== "object") {
        return value;
    }
    return SPECIAL in value
        ? undefined
        : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(one)]));
}

/** The text with only those characters that mean nothing in Markdown, HTML and Mermaid; undefined for anything else. */
export function safeText(value: unknown): string | undefined {
    if (typeof value !== "string" || value === "" || SECRET.test(value)) {
        return undefined;
    }
    const text = value.replace(/[^\w .,:/*@=+-]/g, "?");
    return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
}

/** One of the words, or nothing. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T | undefined {
    return words.find((word) => word === value);
}

/** The value at a path, as long as there are objects on the way. */
export function at(value: unknown, ...path: string[]): unknown {
    return path.reduce<unknown>(
        (inner, key) => (inner !== null && typeof inner === "object" ? (inner as Fields)[key] : undefined),
        value,
    );
}

/** The elements of what should be a list. */
export function list(value: unknown): unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The safe texts of what should be a list of texts. */
export function texts(value: unknown): string[] {
    return list(value).flatMap((one) => safeText(one) ?? []);
}

/** Each once, in order. */
export function sorted(values: string[]): string[] {
    return [...new Set(values)].sort();
}
