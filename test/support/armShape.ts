import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CompositeMapper, Mapper, SequenceMapper, Serializer, createSerializer } from "@azure/core-client";
import * as ts from "typescript";
import { kindOf, pathInputs } from "../../lab/standins/azure-native/kinds";

/*
 * What Microsoft's own clients of the resource manager say of a request's body: they know which fields there are, which
 * are required, and which values an enumeration has.
 */

/** Where each client keeps its mappers and the types that go with them; no client exports its mappers. */
const PEERS: Record<string, string> = {
    compute: join(dirname(require.resolve("@azure/arm-compute")), "models"),
    containerservice: join(dirname(require.resolve("@azure/arm-containerservice")), "models"),
    dns: join(dirname(require.resolve("@azure/arm-dns")), "..", "dist-esm", "src", "models"),
    network: join(dirname(require.resolve("@azure/arm-network")), "models"),
};

export function hasPeer(type: string): boolean {
    return type.split(":")[1] in PEERS;
}

/** What is wrong with the inputs of a resource as the body of its request; without what is in the request's path. */
export function shapeProblems(type: string, inputs: Record<string, unknown>): string[] {
    const peer = peerOf(type.split(":")[1]);
    const path = pathInputs(kindOf(type));
    const body = Object.fromEntries(Object.entries(inputs).filter(([name]) => !path.includes(name)));
    return peer.problems(type.split(":")[2], body);
}

const peers = new Map<string, Peer>();

function peerOf(name: string): Peer {
    const peer = peers.get(name) ?? new Peer(PEERS[name]);
    peers.set(name, peer);
    return peer;
}

type Fields = Record<string, unknown>;

class Peer {
    private readonly mappers: Record<string, Mapper> & { discriminators?: Record<string, Mapper> };
    private readonly serializer: Serializer;
    /** By class and field: the values of its enumeration. */
    private readonly values: Map<string, string[]>;
    private found: string[] = [];

    constructor(folder: string) {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of a package that it does not export
        this.mappers = require(join(folder, "mappers.js")) as Peer["mappers"];
        this.serializer = createSerializer(this.mappers);
        this.values = enumerations(join(folder, "index.d.ts"));
    }

    problems(className: string, body: Fields): string[] {
        this.found = [];
        const mapper = this.mappers[className] as CompositeMapper;
        const object = this.translate(mapper, body, className);
        try {
            this.serializer.serialize(mapper, object, className);
        } catch (error) {
            this.found.push((error as Error).message);
        }
        return this.found;
    }

    /** The body in the client's own names, which is what its serializer checks. */
    private translate(mapper: Mapper, value: unknown, path: string): unknown {
        if (value === undefined || value === null) {
            return value;
        }
        if (mapper.type.name === "Sequence") {
            const { element } = (mapper as SequenceMapper).type;
            return (value as unknown[]).map((item, index) => this.translate(element, item, `${path}[${index}]`));
        }
        if (mapper.type.name === "Dictionary" && Array.isArray(value)) {
            // Pulumi has a list of ids where Azure has an object with nothing behind each id.
            return Object.fromEntries(value.map((id: string) => [id, {}]));
        }
        if (mapper.type.name !== "Composite") {
            return value;
        }
        const { className, modelProperties } = this.resolve(mapper as CompositeMapper, value as Fields);
        const entries = Object.entries(value as Fields).map(([name, inner]) => {
            const at = `${path}.${name}`;
            const fields = Object.entries(modelProperties).filter(([, inside]) => isField(inside.serializedName, name));
            // A pool has a type that is Azure's and one that is ours.
            const field = fields.find(([, { readOnly }]) => !readOnly) ?? fields.at(0);
            if (field === undefined) {
                this.found.push(`${at} is no field of ${className}`);
                return [name, inner];
            }
            const [clientName, inside] = field;
            if (inside.readOnly) {
                this.found.push(`${at} is read-only`);
            }
            const values = this.values.get(`${className}.${clientName}`);
            for (const one of values ? [inner].flat() : []) {
                if (typeof one === "string" && !values?.includes(one)) {
                    this.found.push(`${at} is ${JSON.stringify(one)}, which is none of ${values?.join(", ")}`);
                }
            }
            return [clientName, this.translate(inside, inner, at)];
        });
        return Object.fromEntries(entries) as Fields;
    }

    private resolve(mapper: CompositeMapper, value: Fields) {
        const className = mapper.type.className as string;
        const named = (this.mappers[className] ?? mapper) as CompositeMapper;
        const kind = named.type.polymorphicDiscriminator;
        const special = kind && this.mappers.discriminators?.[`${className}.${String(value[kind.clientName])}`];
        const { type } = (special ?? named) as CompositeMapper;
        return { className: type.className as string, modelProperties: type.modelProperties ?? {} };
    }
}

/** `properties.addressPrefix` is what Pulumi calls `addressPrefix`, and `properties.ARecords` what it calls `aRecords`. */
function isField(serializedName: string | undefined, name: string): boolean {
    return serializedName?.replace(/^properties\./, "").toLowerCase() === name.toLowerCase();
}

/** By class and field the values that the service knows, from the client's declarations. */
function enumerations(file: string): Map<string, string[]> {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
    const known = new Map<string, string[]>();
    for (const statement of source.statements.filter(ts.isEnumDeclaration)) {
        const values = statement.members.flatMap(({ initializer }) =>
            initializer && ts.isStringLiteral(initializer) ? [initializer.text] : [],
        );
        known.set(statement.name.text.replace(/^Known/, ""), values);
    }
    // Of closed enumerations there is a union instead.
    for (const { name, type } of source.statements.filter(ts.isTypeAliasDeclaration)) {
        if (ts.isUnionTypeNode(type)) {
            const values = type.types.flatMap((one) =>
                ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal) ? [one.literal.text] : [],
            );
            if (values.length === type.types.length) {
                known.set(name.text, values);
            }
        }
    }
    const fields = new Map<string, string[]>();
    for (const { name, members } of source.statements.filter(ts.isInterfaceDeclaration)) {
        for (const member of members.filter(ts.isPropertySignature)) {
            const type = member.type && ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type;
            const values = type && ts.isTypeReferenceNode(type) && known.get(type.typeName.getText(source));
            if (values) {
                fields.set(`${name.text}.${member.name.getText(source)}`, values);
            }
        }
    }
    return fields;
}
