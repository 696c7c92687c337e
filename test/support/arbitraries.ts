import fc from "fast-check";
import { Caller } from "../../plan/caller";
import { RouteRequest, RouteShape } from "../../plan/route";

/*
 * What users may write, as fast-check arbitraries.
 */

const letter = "abcdefghijklmnopqrstuvwxyz0123456789";
const alphanumeric = fc.constantFrom(...letter);
const inner = fc.constantFrom(...letter, "-", "-");

/** A DNS label of 1 to `max` characters, with inner hyphens. */
export function label(max = 12): fc.Arbitrary<string> {
    return fc.oneof(
        { weight: 1, arbitrary: alphanumeric },
        {
            weight: 4,
            arbitrary: fc
                .tuple(alphanumeric, fc.string({ unit: inner, maxLength: max - 2 }), alphanumeric)
                .map((parts) => parts.join("")),
        },
    );
}

/** The last label is no number, so that four of them are no IP address. */
const topLevel = fc.constantFrom("example", "com", "x-1", "xn--p1ai", "internal");

export const host: fc.Arbitrary<string> = fc
    .tuple(fc.array(label(), { minLength: 1, maxLength: 4 }), topLevel)
    .map(([labels, top]) => [...labels, top].join("."));

/** Hosts up to the length that DNS allows, with as many hyphens as fit. */
export const longHost: fc.Arbitrary<string> = fc
    .tuple(fc.array(label(63), { minLength: 1, maxLength: 6 }), topLevel)
    .map(([labels, top]) => [...labels, top].join("."))
    .filter((name) => name.length <= 253);

export const anyHost = fc.oneof({ weight: 4, arbitrary: host }, { weight: 1, arbitrary: longHost });

export const hosts = fc.uniqueArray(anyHost, { minLength: 1, maxLength: 5 });

const account = label(20);

export const caller: fc.Arbitrary<Caller> = fc.record(
    { namespace: label(20), serviceAccounts: fc.uniqueArray(account, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ["namespace"] },
);

export const callers = fc.array(caller, { minLength: 1, maxLength: 4 });

const shape = {
    hosts,
    allowFrom: callers,
    port: fc.integer({ min: 1, max: 65535 }),
    maxConnectionSeconds: fc.integer({ min: 1, max: 100_000 }),
    visibility: fc.constantFrom("callers" as const, "gateway" as const),
};

export const routeShape: fc.Arbitrary<RouteShape> = fc.record(shape);

export const routeRequest: fc.Arbitrary<RouteRequest> = fc.record(
    {
        ...shape,
        gateway: fc.record({ name: label(), namespace: label() }),
        trustDomain: fc.constantFrom("cluster.local", "mesh.example"),
        credential: label(20),
        address: fc.oneof(host, fc.ipV4()),
    },
    { requiredKeys: [...(Object.keys(shape) as (keyof typeof shape)[]), "gateway", "trustDomain", "credential"] },
);

/** `text` with letters in random case. */
export function inRandomCase(text: string): fc.Arbitrary<string> {
    return fc
        .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
        .map((upper) => [...text].map((one, index) => (upper[index] ? one.toUpperCase() : one)).join(""));
}
