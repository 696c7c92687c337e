/**
 * The values the engine and a provider exchange. On the wire they are JSON in which two things are encoded by magic
 * strings: a secret, and a value that is not known yet. Here they are objects that can't be mistaken for data.
 */
export type Value = null | boolean | number | string | Unknown | Secret | Value[] | Properties;
export interface Properties {
    [key: string]: Value;
}

/** A value that is only known after something else was created. */
export class Unknown {
    /** Never serialised by accident: JSON of a program's object must not carry it. */
    toJSON(): never {
        throw new Error("an unknown value can't be written out");
    }
}
export const unknown = new Unknown();

/** A value that the engine encrypts in the state and hides in its output. */
export class Secret {
    constructor(readonly value: Value) {}

    toString(): string {
        return "[secret]";
    }
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** One marker for each type an unknown may have; a provider sees them all as one. */
const unknownMarkers = new Set([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isProperties(value: unknown): value is Properties {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Secret) &&
        !(value instanceof Unknown)
    );
}

/** Decodes what the engine sent. */
export function decode(wire: unknown): Value {
    if (typeof wire === "string") {
        return unknownMarkers.has(wire) ? unknown : wire;
    }
    if (Array.isArray(wire)) {
        return wire.map(decode);
    }
    if (typeof wire !== "object" || wire === null) {
        return wire as Value;
    }
    const object = wire as Record<string, unknown>;
    if (object[signatureKey] === secretSignature) {
        return new Secret(decode(object["value"]));
    }
    if (object[signatureKey] === outputSignature) {
        const value = "value" in object ? decode(object["value"]) : unknown;
        return object["secret"] === true ? new Secret(value) : value;
    }
    return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, decode(item)]));
}

/** Encodes a value for the engine; properties that are undefined or null are left out, as the official plugins do. */
export function encode(value: Value): unknown {
    if (value instanceof Unknown) {
        return unknownMarker;
    }
    if (value instanceof Secret) {
        return { [signatureKey]: secretSignature, value: encode(value.value) };
    }
    if (Array.isArray(value)) {
        return value.map(encode);
    }
    if (isProperties(value)) {
        const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
        return Object.fromEntries(entries.map(([key, item]) => [key, encode(item)]));
    }
    return value;
}

/** The value without its secret wrappers: for the API server or helm, never for a message. */
export function reveal(value: Properties): Properties;
export function reveal(value: Value | undefined): Value | undefined;
export function reveal(value: Value | undefined): Value | undefined {
    if (value instanceof Secret) {
        return reveal(value.value);
    }
    if (Array.isArray(value)) {
        return value.map((item) => reveal(item) as Value);
    }
    if (isProperties(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item) as Value]));
    }
    return value;
}

export function hasUnknown(value: Value | undefined): boolean {
    if (value instanceof Secret) {
        return hasUnknown(value.value);
    }
    if (Array.isArray(value)) {
        return value.some(hasUnknown);
    }
    return value instanceof Unknown || (isProperties(value) && Object.values(value).some(hasUnknown));
}

export function hasSecret(value: Value | undefined): boolean {
    if (Array.isArray(value)) {
        return value.some(hasSecret);
    }
    return value instanceof Secret || (isProperties(value) && Object.values(value).some(hasSecret));
}

/**
 * Marks in `value` as secret what is secret in `like`. Lists are matched by position only while they are as long as
 * each other; otherwise the whole list becomes secret, because an item may have moved.
 */
export function markLike(value: Value, like: Value | undefined): Value {
    if (value instanceof Secret || like === undefined) {
        return value;
    }
    if (like instanceof Secret) {
        return new Secret(value);
    }
    if (Array.isArray(value) && Array.isArray(like)) {
        if (value.length === like.length) {
            return value.map((item, index) => markLike(item, like[index]));
        }
        return hasSecret(like) ? new Secret(value) : value;
    }
    if (isProperties(value) && isProperties(like)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, markLike(item, like[key])]));
    }
    return value;
}

/** Every text inside a secret: what a message must not contain. */
export function secretTexts(value: Value | undefined, inside = false): string[] {
    if (value instanceof Secret) {
        return secretTexts(value.value, true);
    }
    if (Array.isArray(value)) {
        return value.flatMap((item) => secretTexts(item, inside));
    }
    if (isProperties(value)) {
        return Object.values(value).flatMap((item) => secretTexts(item, inside));
    }
    return inside && typeof value === "string" ? [value] : [];
}

/** A copy that lacks some properties. */
export function without(value: Properties, ...keys: string[]): Properties {
    return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** The properties at `path`, or an empty bag. */
export function bag(value: Value | undefined, ...path: string[]): Properties {
    const found = path.reduce<Value | undefined>((at, key) => (isProperties(at) ? at[key] : undefined), reveal(value));
    return isProperties(found) ? found : {};
}

export function text(value: Value | undefined): string | undefined {
    const plain = reveal(value);
    return typeof plain === "string" && plain !== "" ? plain : undefined;
}

/** A flag, also when it comes as the text that provider configuration is made of. */
export function flag(value: Value | undefined): boolean {
    const plain = reveal(value);
    return plain === true || plain === "true";
}
