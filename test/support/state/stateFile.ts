import { createHash } from "node:crypto";
import type { CreateRequest } from "../../../lab/standins/shared/standIn";
import { Properties, Secret, Value, isProperties } from "../../../lab/standins/shared/values";
import { TlsStandIn } from "../../../lab/standins/tls/provider";
import { MadeTexts, withReferences, withoutReferences } from "./secretTexts";

/*
 * States of stacks as files without a secret: keys and certificates are made anew whenever a file is read, by the
 * stand-in of the plugin that made them.
 */

export interface StateResource {
    urn: string;
    type: string;
    custom: boolean;
    id?: string;
    parent?: string;
    provider?: string;
    dependencies?: string[];
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    [more: string]: unknown;
}

/** What the engine adds that a later update does not look at. */
const INCIDENTAL = ["created", "modified", "propertyDependencies", "sequenceNumber", "sourcePosition", "stackTrace"];

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The resources of an exported state, for a file. */
export function toFile(resources: StateResource[]): StateResource[] {
    const made: MadeTexts = new Map();
    return resources.map((resource) => {
        const { inputs, outputs, ...kept } = resource;
        INCIDENTAL.forEach((key) => delete kept[key]);
        if (isTls(resource)) {
            remember(made, resource, decode(outputs) as Properties);
        }
        const written = changeTexts(decode(inputs ?? {}), (text) => withReferences(text, made));
        const ownOutputs = resource.custom && !isTls(resource) && JSON.stringify(inputs) !== JSON.stringify(outputs);
        const file = {
            ...kept,
            ...(kept.id !== undefined && { id: withReferences(kept.id, made) }),
            inputs: encode(written) as Record<string, unknown>,
            ...(ownOutputs && {
                outputs: encode(changeTexts(decode(outputs ?? {}), (text) => withReferences(text, made))) as object,
            }),
        } as StateResource;
        if (/PRIVATE KEY|-----BEGIN|LS0tLS1CRUdJ/.test(JSON.stringify(file))) {
            throw new Error(`${resource.urn} has key material that no resource of the state made`);
        }
        return file;
    });
}

/** The resources of a file as the engine imports them, with keys and certificates of today. */
export async function fromFile(resources: StateResource[]): Promise<StateResource[]> {
    const made: MadeTexts = new Map();
    const tls = new TlsStandIn("0.0.0");
    const filled: StateResource[] = [];
    for (const resource of resources) {
        const resolve = (value: unknown) => changeTexts(decode(value), (text) => withoutReferences(text, made));
        const inputs = resolve(resource.inputs ?? {}) as Properties;
        let id = resource.id && withoutReferences(resource.id, made);
        let outputs: Value = resource.outputs ? resolve(resource.outputs) : resource.custom ? inputs : {};
        if (isTls(resource)) {
            const create = { type: resource.type, inputs, preview: false } as CreateRequest;
            ({ id, outputs } = await tls.create(create));
            remember(made, resource, outputs);
        }
        filled.push({
            ...resource,
            ...(id !== undefined && { id }),
            inputs: encode(inputs) as Record<string, unknown>,
            outputs: encode(outputs) as Record<string, unknown>,
        });
    }
    return filled;
}

function isTls({ type }: StateResource): boolean {
    return type.startsWith("tls:");
}

function remember(made: MadeTexts, { urn }: StateResource, outputs: Properties): void {
    const name = urn.split("::").at(-1);
    for (const [property, value] of Object.entries(outputs)) {
        const text = value instanceof Secret ? value.value : value;
        if (typeof text === "string" && /^(-----BEGIN|ssh-)/.test(text)) {
            made.set(`${name}.${property}`, text);
            // The partner's machine names its vault after the fingerprint of its login key.
            made.set(`${name}.${property}.fingerprint`, createHash("sha256").update(text).digest("hex").slice(0, 16));
        }
    }
}

function changeTexts(value: Value, change: (text: string) => string): Value {
    if (typeof value === "string") {
        return change(value);
    }
    if (value instanceof Secret) {
        return new Secret(changeTexts(value.value, change));
    }
    if (Array.isArray(value)) {
        return value.map((item) => changeTexts(item, change));
    }
    return isProperties(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changeTexts(item, change)]))
        : value;
}

/** A state has secrets in a form of its own, and their values as JSON. */
function decode(value: unknown): Value {
    if (Array.isArray(value)) {
        return value.map(decode);
    }
    if (typeof value !== "object" || value === null) {
        return value as Value;
    }
    const object = value as Record<string, unknown>;
    if (object[SIGNATURE] === SECRET) {
        return new Secret(decode(JSON.parse(object["plaintext"] as string)));
    }
    return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, decode(item)]));
}

function encode(value: Value): unknown {
    if (value instanceof Secret) {
        return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(encode(value.value)) };
    }
    if (Array.isArray(value)) {
        return value.map(encode);
    }
    return isProperties(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]))
        : value;
}
