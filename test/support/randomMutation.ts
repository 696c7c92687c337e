import fc from "fast-check";
import { ObjectSpec, PackageSchema, ValueSpec, isAny, isEnum, referredType } from "../../plan/arguments/packageSchema";
import { at, placesOf, replaced } from "./mutations";

type Path = (string | number)[];

/** A mistake at one place of the arguments. */
export interface Mistake {
    what: string;
    args: unknown;
    /** Paths of which a refusal must name at least one. */
    names: string[];
}

/** One random mistake at a random depth; undefined where these arguments have no place for it. */
export function mistakeIn(schema: PackageSchema, options: ObjectSpec, args: object): fc.Arbitrary<Mistake | undefined> {
    const places = placesOf(schema, options, args);
    const keys = places.filter(({ path, isDeclared }) => isDeclared && typeof path.at(-1) === "string");
    const objects = [{ path: [] as Path, options }, ...places.flatMap((place) => objectAt(schema, place, args))];
    const one = <T>(items: T[], make: (item: T) => fc.Arbitrary<Mistake | undefined>) =>
        items.length === 0 ? fc.constant(undefined) : fc.constantFrom(...items).chain(make);
    return fc.oneof(
        one(keys, ({ path }) => renamed(args, path)),
        one(places, ({ path, spec }) => changed(schema, args, path, spec)),
        one(objects, (object) => extra(args, object)),
        one(objects, (object) =>
            fc.constantFrom(...keys.map(({ path }) => path), undefined).map((path) => misplaced(args, object, path)),
        ),
    );
}

interface ObjectPlace {
    path: Path;
    options: ObjectSpec;
}

/** The place, if there is an object of the schema's there. */
function objectAt(schema: PackageSchema, { path, spec }: { path: Path; spec: ValueSpec }, args: object): ObjectPlace[] {
    const type = referredType(schema, spec);
    const value = at(args, path);
    return type && !isEnum(type) && typeof value === "object" ? [{ path, options: type }] : [];
}

function renamed(args: object, path: Path): fc.Arbitrary<Mistake | undefined> {
    const key = path.at(-1) as string;
    const outer = at(args, path.slice(0, -1)) as Record<string, unknown>;
    const index = fc.nat({ max: key.length - 1 });
    const spellings = fc.oneof(
        fc.constantFrom(
            key.toUpperCase(),
            key.toLowerCase(),
            `${key}s`,
            ` ${key}`,
            key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        ),
        index.map((at) => key.slice(0, at) + key.slice(at + 1)),
        fc
            .tuple(index, fc.stringMatching(/^[a-zA-Z0-9]$/))
            .map(([at, letter]) => key.slice(0, at) + letter + key.slice(at)),
    );
    return spellings.map((name) => {
        if (name === "" || name in outer) {
            return undefined;
        }
        const entries = Object.entries(outer).map(([one, value]) => [one === key ? name : one, value]);
        return {
            what: `${pathText(path)} is renamed to ${name}`,
            args: replaced(args, path.slice(0, -1), Object.fromEntries(entries)),
            names: [pathText(path), unknownKeyPath(path.slice(0, -1), name)],
        };
    });
}

/** A value of another type than the schema's, or none of an enum's. */
function changed(schema: PackageSchema, args: object, path: Path, spec: ValueSpec): fc.Arbitrary<Mistake> {
    const value = at(args, path);
    const type = referredType(schema, spec);
    const isOfEnum = type !== undefined && isEnum(type);
    const others: fc.Arbitrary<unknown>[] = [
        fc.constant(null),
        fc.constant([value]),
        // A map of anything takes that.
        ...(spec.additionalProperties && isAny(spec.additionalProperties) ? [] : [fc.constant({ value })]),
        ...(Array.isArray(value) ? [] : [fc.constant([])]),
        typeof value === "string" ? fc.constant(String) : fc.string(),
        typeof value === "number" ? fc.constantFrom(Number.NaN, Infinity, String(value)) : fc.integer(),
        typeof value === "boolean" ? fc.constantFrom("true", "", 1) : fc.boolean(),
        ...(isOfEnum ? [fc.string(), fc.constant(String(value).toUpperCase())] : []),
    ];
    return fc.oneof(...others).map((other) => ({
        what: `${pathText(path)} is ${String(JSON.stringify(other))}`,
        args: replaced(args, path, other),
        names: [pathText(path)],
    }));
}

function extra(args: object, { path, options }: ObjectPlace): fc.Arbitrary<Mistake | undefined> {
    return fc
        .tuple(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom(undefined, null, 1, "text", {}))
        .map(([key, value]) => added(args, { path, options }, key, value));
}

/** An option of one object written into another that does not have it. */
function misplaced(args: object, object: ObjectPlace, from: Path | undefined): Mistake | undefined {
    return from && added(args, object, from.at(-1) as string, at(args, from));
}

function added(args: object, { path, options }: ObjectPlace, key: string, value: unknown): Mistake | undefined {
    if (Object.hasOwn(options.properties, key) || key === "__proto__") {
        return undefined;
    }
    const object = at(args, path) as object;
    return {
        what: `${pathText([...path, key])} is added`,
        args: replaced(args, path, { ...object, [key]: value }),
        names: [unknownKeyPath(path, key)],
    };
}

/** A key that could be anything is not repeated. */
function unknownKeyPath(outer: Path, key: string): string {
    return [pathText(outer), /^[\w$.-]*$/.test(key) ? key : "<a key>"].filter((part) => part !== "").join(".");
}

/** As Pulumi writes property paths. */
function pathText(path: Path): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number") {
            return `${text}[${part}]`;
        }
        if (!/^[A-Za-z_$][\w$-]*$/.test(part)) {
            return `${text}[${JSON.stringify(part)}]`;
        }
        return text === "" ? part : `${text}.${part}`;
    }, "");
}
