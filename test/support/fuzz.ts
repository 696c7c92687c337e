import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { keyPem, newKey } from "./certificates";
import { CommandRun } from "./command";

/*
 * Random texts for what reads text from outside, and secrets that no message may repeat.
 */

/** Texts of each kind. More by hand: see CONTRIBUTING.md. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

/** Leaves a part of a text out, doubles it, moves it or replaces it; the places count from its beginning, again and again. */
export interface Change {
    from: number;
    to: number;
    by: string;
}

export function changes(): fc.Arbitrary<Change[]> {
    const place = fc.nat({ max: 0xffff });
    const by = fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom("", "\r\n", "\0", "=", "-----END", "\uFEFF", "[", "}"),
    );
    return fc.array(fc.record({ from: place, to: place, by }), { minLength: 1, maxLength: 3 });
}

export function changed(text: string, all: Change[]): string {
    return all.reduce((now, change) => {
        const [from, to] = [change.from % (text.length + 1), change.to % (text.length + 1)];
        const [start, end] = from < to ? [from, to] : [to, Math.min(from, to + 40)];
        return now.slice(0, start) + change.by + now.slice(end);
    }, text);
}

/** A text, whole or damaged. Damage can make a secret a name, so only refusals of damaged texts must not tell it. */
export interface Given {
    text: string;
    isDamaged: boolean;
}

/** Mostly the texts as they are, and often enough damaged. */
export function wholeOrDamaged(texts: fc.Arbitrary<string>): fc.Arbitrary<Given> {
    return fc.oneof(
        { weight: 4, arbitrary: texts.map((text) => ({ text, isDamaged: false })) },
        {
            weight: 3,
            arbitrary: fc
                .tuple(texts, changes())
                .map(([text, made]) => ({ text: changed(text, made), isDamaged: true })),
        },
    );
}

/** The text with parts left out, doubled, moved or replaced. */
export function damaged(text: string): fc.Arbitrary<string> {
    return changes().map((all) => changed(text, all));
}

/** The PEM text with one byte of a block's content replaced: it is still PEM, and mostly still ASN.1. */
export function damagedInside(pem: string): fc.Arbitrary<string> {
    const blocks = [...pem.matchAll(/(-----BEGIN [^-]+-----)([^-]+)/g)];
    return fc.tuple(fc.constantFrom(...blocks), fc.nat(), fc.nat({ max: 255 })).map(([block, place, byte]) => {
        const [whole, header, body] = block;
        const bytes = Buffer.from(body, "base64");
        bytes[place % bytes.length] = byte;
        return pem.replace(whole, `${header}\n${bytes.toString("base64")}\n`);
    });
}

/** JSON of any form, with the names that the reader looks for among its keys. */
export function jsonWith(...names: string[]): fc.Arbitrary<unknown> {
    return jsonOf(fc.jsonValue({ maxDepth: 0 }), ...names);
}

/** The same, with these values in it. */
export function jsonOf(leaf: fc.Arbitrary<unknown>, ...names: string[]): fc.Arbitrary<unknown> {
    const key = fc.oneof(fc.constantFrom(...names), fc.constantFrom("__proto__", "constructor", ""), fc.string());
    return fc.letrec<{ value: unknown }>((tie) => ({
        value: fc.oneof(
            { maxDepth: 5 },
            leaf,
            fc.array(tie("value"), { maxLength: 3 }),
            fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
        ),
    })).value;
}

/** Mostly the one, seldom the other. */
export function mostly<T>(one: fc.Arbitrary<T>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 12, arbitrary: one }, { weight: 1, arbitrary: other });
}

/** Secrets of the forms that people and programs write, new in each run. */
export interface Secrets {
    /** A private key. */
    pem: string;
    /** The same as a Secret's `data` has it. */
    pemInBase64: string;
    /** A JSON Web Token. */
    token: string;
    password: string;
}

export function newSecrets(): Secrets {
    const pem = keyPem(newKey());
    const part = (content: string | Buffer) => Buffer.from(content).toString("base64url");
    const claims = JSON.stringify({ iss: "https://issuer.example", sub: randomBytes(48).toString("hex") });
    return {
        pem,
        pemInBase64: inBase64(pem),
        token: [part('{"alg":"RS256","typ":"JWT"}'), part(claims), part(randomBytes(256))].join("."),
        // It begins with a letter, so that a parser of JSON would tell its beginning.
        password: `hush${randomBytes(24).toString("hex")}`,
    };
}

/**
 * Stand for the secrets while a text is built and damaged: a secret itself would be cut, and a short piece of one looks
 * like any other text. As JSON and YAML write them, in quotation marks.
 */
export const MARKS: Secrets = { pem: "@pem@", pemInBase64: "@pemInBase64@", token: "@token@", password: "@password@" };

/** The text with the secrets in their places. */
export function filled(text: string, secrets: Secrets): string {
    return text.replace(/@(pem|pemInBase64|token|password)@/g, (_, name: keyof Secrets) =>
        JSON.stringify(secrets[name]).slice(1, -1),
    );
}

/** Fails where a text has 20 characters of a secret one after another, as they are or in base64. */
export function assertHidden({ pem, token, password }: Secrets, told: string): void {
    // Whatever is as long as 20 characters has one of these parts of 10 as a whole.
    const parts = [...linesOf(pem), ...token.split(".").slice(1), password, inBase64(pem), inBase64(token)]
        .concat(inBase64(password))
        .flatMap((text) => text.match(/.{10}/g) ?? []);
    const found = parts.find((part) => told.includes(part));
    const at = found === undefined ? 0 : told.indexOf(found);
    assert.equal(found, undefined, `a part of a secret is told: ${told.slice(Math.max(0, at - 200), at + 80)}`);
}

/** Fails where what was thrown is no refusal of this kind, or where it tells a part of a secret. */
export function assertRefusal(error: unknown, kind: new (...args: never[]) => Error, secrets: Secrets): void {
    assert.ok(error instanceof kind, String(error));
    assertHidden(secrets, error.message);
}

/** How many runs of `mesh-egress` answered, and how many refused their input. */
export class Ends {
    answered = 0;
    refused = 0;

    constructor(private readonly secrets: Secrets) {}

    /** Counts a run, and fails where it tells a part of a secret. Damage can make a secret a name, which is told; a refusal tells none. */
    add({ code, out, err }: CommandRun, isDamaged = false): void {
        assertHidden(this.secrets, isDamaged && code < 2 ? "" : out + err);
        this.answered += code < 2 ? 1 : 0;
        this.refused += code === 2 ? 1 : 0;
    }
}

function linesOf(pem: string): string[] {
    return pem.split("\n").filter((line) => !line.startsWith("-----"));
}

export function inBase64(text: string): string {
    return Buffer.from(text).toString("base64");
}

const TIMES_TEN = Array.from({ length: 9 }, (_, at) => `&a${at} [${`${at === 0 ? "x" : `*a${at - 1}`}, `.repeat(10)}]`);

/** Values of YAML that whoever walks them does not come to the end of: what contains itself, billions of values, and depth. */
const ENDLESS = ["&a [*a]", "&a { a: *a }", `[${TIMES_TEN.join(", ")}]`, "[".repeat(3000) + "]".repeat(3000)];

/** The JSON of the value, as YAML, with one of them as a part of it. */
export function withEndless(value: unknown): fc.Arbitrary<string> {
    const place = fc.constantFrom(...placesIn(value));
    return fc
        .tuple(place, fc.constantFrom(...ENDLESS))
        .map(([at, part]) => JSON.stringify(put(value, at, "@endless@")).replace('"@endless@"', part));
}

/** The value with up to three of the parts inside it replaced, whatever they are. */
export function withReplaced(value: unknown, by: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    const replacement = fc.tuple(fc.constantFrom(...placesIn(value)), by);
    return fc
        .array(replacement, { maxLength: 3 })
        .map((all) => all.reduce((now, [place, part]) => put(now, place, part), value));
}

/** A copy of the value with a part replaced; the same where an earlier change took away what is around it. */
function put(value: unknown, place: string[], part: unknown): unknown {
    const whole: unknown = structuredClone(value);
    const around = place.slice(0, -1).reduce<unknown>((inner, key) => property(inner, key), whole);
    if (typeof around === "object" && around !== null) {
        Object.assign(around, { [place.at(-1) ?? ""]: structuredClone(part) });
    }
    return whole;
}

function placesIn(value: unknown): string[][] {
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((place) => [key, ...place])])
        : [];
}

function property(value: unknown, key: string): unknown {
    return (value as Record<string, unknown> | null | undefined)?.[key];
}
