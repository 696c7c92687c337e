import { ObjectSpec, PackageSchema, ValueSpec, isAny, isEnum, referredType } from "../../plan/arguments/packageSchema";

/** A change of valid arguments at one place, as a tired author makes it. */
export interface Mutation {
    /** What is done, and where. */
    what: string;
    args: unknown;
}

type Path = (string | number)[];

/** A key or an item among the arguments, and what the schema says of it. */
interface Place {
    path: Path;
    spec: ValueSpec;
    /** Whether the schema declares the key; those of labels and the like are the author's own. */
    isDeclared: boolean;
}

/** Every single change of these arguments: keys renamed, letters' case changed, types changed, `null`, and nested. */
export function mutations(schema: PackageSchema, options: ObjectSpec, args: object): Mutation[] {
    return placesOf(schema, options, args).flatMap(({ path, spec, isDeclared }) => {
        const type = referredType(schema, spec);
        return [
            ...(isDeclared ? changedKeys(args, path) : []),
            ...changedValues(at(args, path), type !== undefined && isEnum(type)).map(([what, value]) => ({
                what: `${path.join(".")}: ${what}`,
                args: replaced(args, path, value),
            })),
        ];
    });
}

/** Every key and every item that the schema says something of, at any depth. */
export function placesOf(schema: PackageSchema, options: ObjectSpec, args: object): Place[] {
    return Object.entries(args).flatMap(([key, value]) =>
        placesIn(schema, { path: [key], spec: options.properties[key], isDeclared: true }, value),
    );
}

function placesIn(schema: PackageSchema, place: Place, value: unknown): Place[] {
    const { path, spec } = place;
    if (isAny(spec)) {
        return [];
    }
    if (typeof value !== "object" || value === null) {
        return [place];
    }
    const type = referredType(schema, spec);
    const inner = (key: string | number, inside: ValueSpec, isDeclared: boolean, part: unknown) =>
        placesIn(schema, { path: [...path, key], spec: inside, isDeclared }, part);
    const parts = Object.entries(value).flatMap(([key, part]) => {
        if (Array.isArray(value)) {
            return inner(Number(key), spec.items!, false, part);
        }
        return type && !isEnum(type)
            ? inner(key, type.properties[key], true, part)
            : inner(key, spec.additionalProperties!, false, part);
    });
    return [place, ...parts];
}

function changedKeys(args: object, path: Path): Mutation[] {
    const key = path.at(-1);
    if (typeof key !== "string") {
        return [];
    }
    const names = {
        "in another case": key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase(),
        "with a letter too many": `${key}x`,
        "with a letter too few": key.slice(0, -1),
        "with a hyphen": `${key.slice(0, 1)}-${key.slice(1)}`,
    };
    return Object.entries(names).map(([what, name]) => {
        const outer = at(args, path.slice(0, -1)) as Record<string, unknown>;
        const changed = Object.fromEntries(
            Object.entries(outer).map(([one, value]) => [one === key ? name : one, value]),
        );
        return { what: `${path.join(".")}: the key ${what}`, args: replaced(args, path.slice(0, -1), changed) };
    });
}

/** Other values. Of texts, only those of an enum in another case: the others may be free. */
function changedValues(value: unknown, isOfEnum: boolean): [what: string, value: unknown][] {
    const always: [string, unknown][] = [
        ["null", null],
        ["in a list", [value]],
        ["in an object", { value }],
        ["a function", () => value],
    ];
    switch (typeof value) {
        case "string": {
            const other = value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase();
            return [
                ...always,
                ["a number", 7],
                ["a boolean", true],
                ...(isOfEnum ? [["in another case", other] as [string, unknown]] : []),
            ];
        }
        case "number":
            return [...always, ["a text", String(value)], ["no number", Number.NaN], ["a boolean", true]];
        case "boolean":
            return [...always, ["a text", String(value)], ["a number", 1]];
        default:
            return [...always, ["a text", "text"], ["a number", 7]];
    }
}

export function at(value: unknown, path: Path): unknown {
    return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value);
}

export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
    if (key === undefined) {
        return by;
    }
    if (Array.isArray(value)) {
        return value.map((item: unknown, index) => (index === key ? replaced(item, rest, by) : item));
    }
    const object = value as Record<string, unknown>;
    return { ...object, [key]: replaced(object[key as string], rest, by) };
}
