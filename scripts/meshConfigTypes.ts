import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/*
 * Writes plan/mesh/meshConfigTypes.ts: the fields of Istio's MeshConfig with their types, read from the proto files of the Go module
 * istio.io/api. Run it in a folder where `go` works: npx tsx scripts/meshConfigTypes.ts v1.31.1
 */

interface Field {
    name: string;
    /** As in the proto file: `string`, `repeated Foo`, `map<string, Bar>`. */
    type: string;
    scope: string[];
    /** The group of which at most one field may be set. */
    oneof?: string;
}

interface Definitions {
    messages: Map<string, Field[]>;
    enums: Map<string, string[]>;
}

const FILES = [
    "mesh/v1alpha1/config.proto",
    "mesh/v1alpha1/proxy.proto",
    "networking/v1alpha3/destination_rule.proto",
    "networking/v1alpha3/virtual_service.proto",
    "networking/v1alpha3/workload_group.proto",
    "networking/v1beta1/proxy_config.proto",
];

/** What protobuf's JSON mapping takes for its own types: https://protobuf.dev/programming-guides/json/ */
const SCALARS: Record<string, string> = {
    string: "string",
    bytes: "string",
    bool: "bool",
    int32: "int",
    int64: "int",
    uint32: "count",
    uint64: "count",
    double: "number",
    float: "number",
    "google.protobuf.Duration": "duration",
    "google.protobuf.BoolValue": "bool",
    "google.protobuf.StringValue": "string",
    "google.protobuf.Int32Value": "int",
    "google.protobuf.Int64Value": "int",
    "google.protobuf.UInt32Value": "count",
    "google.protobuf.DoubleValue": "number",
    "google.protobuf.Struct": "object",
};

function read(text: string): Definitions {
    const [messages, enums] = [new Map<string, Field[]>(), new Map<string, string[]>()];
    const source = text.replace(/\/\*[^]*?\*\//g, "").replace(/\/\/.*/g, "");
    const scope: { kind: string; name: string }[] = [];
    const names = () => scope.filter(({ kind }) => kind === "message" || kind === "enum").map(({ name }) => name);
    for (const [, statement, end] of source.matchAll(/([^;{}]*)([;{}])/g)) {
        const words = statement.trim().replace(/\s+/g, " ");
        if (end === "{") {
            const [kind, name = ""] = words.split(" ");
            scope.push({ kind, name });
            if (kind === "message") messages.set(names().join("."), []);
            if (kind === "enum") enums.set(names().join("."), []);
        } else if (end === "}") {
            scope.pop();
        } else if (scope.at(-1)?.kind === "enum") {
            const [, value] = /^(\w+) ?= ?-?\d+/.exec(words) ?? [];
            if (value && !words.startsWith("reserved")) enums.get(names().join("."))?.push(value);
        } else {
            const [, type, name, options = ""] =
                /^((?:repeated )?[\w.]+|map<[^>]+>) (\w+) ?= ?\d+ ?(\[.*\])?$/.exec(words) ?? [];
            if (type && !/deprecated ?= ?true/.test(options)) {
                const [, json] = /json_name ?= ?"(\w+)"/.exec(options) ?? [];
                messages.get(names().join("."))?.push({
                    name: json ?? camelCase(name),
                    type,
                    scope: names(),
                    oneof: scope.at(-1)?.kind === "oneof" ? scope.at(-1)?.name : undefined,
                });
            }
        }
    }
    return { messages, enums };
}

/** All files as one; the mesh's own come first, and a message of the same name in another package is another one. */
function definitionsIn(folder: string): Definitions {
    const all = FILES.map((file) => read(readFileSync(join(folder, file), "utf8"))).reverse();
    return {
        messages: new Map(all.flatMap(({ messages }) => [...messages])),
        enums: new Map(all.flatMap(({ enums }) => [...enums])),
    };
}

function camelCase(name: string): string {
    return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The type in the table's notation, and the message that has to be in the table for it. */
function notation({ type, scope }: Field, definitions: Definitions): { text: string; message?: string } {
    const [, value] = /^map<string, ?(.+)>$/.exec(type) ?? [];
    const [, element] = /^repeated (.+)$/.exec(type) ?? [];
    if (value ?? element) {
        const inner = notation({ name: "", type: value ?? element, scope }, definitions);
        return { text: value ? `{${inner.text}}` : `[${inner.text}]`, message: inner.message };
    }
    if (SCALARS[type]) return { text: SCALARS[type] };
    const bare = type.replace(/^istio\.\w+\.\w+\./, "");
    for (let depth = scope.length; depth >= 0; depth--) {
        const name = [...scope.slice(0, depth), bare].join(".");
        const values = definitions.enums.get(name);
        if (values) return { text: values.join("|") };
        if (definitions.messages.has(name)) return { text: name, message: name };
    }
    throw new Error(`${type} in ${scope.join(".")} is defined in none of ${FILES.join(", ")}.`);
}

function table(definitions: Definitions): Record<string, Record<string, string>> {
    const types: Record<string, Record<string, string>> = {};
    const open = ["MeshConfig"];
    for (let name = open.pop(); name; name = open.pop()) {
        types[name] = {};
        for (const field of definitions.messages.get(name) ?? []) {
            const { text, message } = notation(field, definitions);
            types[name][field.name] = text;
            if (message && !types[message]) open.push(message);
        }
    }
    return Object.fromEntries(Object.entries(types).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function groupBy(fields: Field[]): Map<string, Field[]> {
    const all = new Map<string, Field[]>();
    fields.forEach((field) => all.set(field.oneof ?? "", [...(all.get(field.oneof ?? "") ?? []), field]));
    return all;
}

/** The groups of fields, by message, of which a value may have one only. */
function groups({ messages }: Definitions, names: string[]): Record<string, string[][]> {
    const found = names.flatMap((name): [string, string[][]][] => {
        const fields = (messages.get(name) ?? []).filter(({ oneof }) => oneof !== undefined);
        const own = groupBy(fields);
        const many = [...own.values()]
            .map((group) => group.map((field) => field.name))
            .filter(({ length }) => length > 1);
        return many.length > 0 ? [[name, many]] : [];
    });
    return Object.fromEntries(found);
}

const [version = "v1.31.1"] = process.argv.slice(2);
const { Dir: folder } = JSON.parse(
    execFileSync("go", ["mod", "download", "-json", `istio.io/api@${version}`], { encoding: "utf8" }),
) as { Dir: string };
const definitions = definitionsIn(folder);
const types = table(definitions);
const target = join(__dirname, "../plan/mesh/meshConfigTypes.ts");
writeFileSync(
    target,
    `// Written by scripts/meshConfigTypes.ts from the proto files of istio.io/api ${version}. Do not edit.

/** The version of istio.io/api that the types are from. */
export const MESH_CONFIG_VERSION = ${JSON.stringify(version)};

/**
 * The fields of MeshConfig and of every message in it, without deprecated ones. A type is \`string\`, \`bool\`, \`int\`, \`count\` (not
 * negative), \`number\`, \`duration\`, \`object\`, the values of an enum separated by \`|\`, or a message; \`[T]\` is a list and \`{T}\` a map.
 */
export const MESH_CONFIG_TYPES: Record<string, Record<string, string>> = ${JSON.stringify(types, null, 4)};

/** Groups of fields, by message, of which a value may have one only. */
export const MESH_CONFIG_ONEOFS: Record<string, string[][]> = ${JSON.stringify(groups(definitions, Object.keys(types)), null, 4)};
`,
);
execFileSync(join(__dirname, "../node_modules/.bin/prettier"), ["--write", target]);
