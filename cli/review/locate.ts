import { LineCounter, isNode, isPair, parseDocument } from "yaml";
import { ObjectRef, objectRef } from "../../review/rawObject";
import { ObjectSource, SourcedObject } from "../input/objects";

/** A place in a file. */
export interface FileLocation {
    file: string;
    /** From 1. */
    line: number;
}

/** Documents longer than this, in characters, are not searched for the line of a property: an object's first line has to do. */
const LONGEST_SEARCHED = 2_000_000;

/** Finds the line of a finding in the files that the objects were read from. */
export class Locator {
    private known: Map<string, ObjectSource> | undefined;
    private readonly parsed = new Map<object, { lines: LineCounter; document: ReturnType<typeof parseDocument> }>();

    constructor(private readonly objects: SourcedObject[]) {}

    /** The line of the property, else of the nearest thing around it; undefined for what is in no file. */
    find(object: ObjectRef, path: string): FileLocation | undefined {
        const source = this.sources().get(keyOf(object));
        return source && { file: source.file, line: this.lineOf(source, path) };
    }

    /** Only where something is to be found: not every output has places. */
    private sources(): Map<string, ObjectSource> {
        if (this.known === undefined) {
            this.known = new Map();
            for (const { object, source } of this.objects) {
                const key = keyOf(objectRef(object));
                if (source && !this.known.has(key)) {
                    this.known.set(key, source);
                }
            }
        }
        return this.known;
    }

    private lineOf(source: ObjectSource, path: string): number {
        const { line, text } = source.document;
        if (text.length > LONGEST_SEARCHED) {
            return line;
        }
        const { lines, document } = this.parse(source);
        const keys = [...keysOf(source.path), ...keysOf(path)];
        for (let length = keys.length; length > 0; length--) {
            const offset = offsetOf(document, keys.slice(0, length));
            if (offset !== undefined) {
                return line - 1 + lines.linePos(offset).line;
            }
        }
        const start = document.contents?.range?.[0] ?? 0;
        return line - 1 + lines.linePos(start).line;
    }

    private parse({ document: source }: ObjectSource) {
        const known = this.parsed.get(source);
        if (known) {
            return known;
        }
        const lines = new LineCounter();
        const parsed = { lines, document: parseDocument(source.text, { lineCounter: lines, uniqueKeys: false }) };
        this.parsed.set(source, parsed);
        return parsed;
    }
}

/** Where the key of a map, or the item of a list, begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, keys: (string | number)[]): number | undefined {
    const parent: unknown = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const last = keys.at(-1);
    const items = (parent as { items?: unknown[] } | undefined)?.items;
    if (!Array.isArray(items)) {
        return undefined;
    }
    if (typeof last === "number") {
        const item = items[last];
        return isNode(item) ? item.range?.[0] : undefined;
    }
    const pair = items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === last);
    return isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : undefined;
}

/** `spec.servers[0].tls` as its keys; a key in brackets and quotation marks may have dots. */
export function keysOf(path: string): (string | number)[] {
    const parts = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
    return [...parts].map(([, index, quoted, name]) =>
        index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : name,
    );
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
    return [apiVersion, kind, namespace, name].join(" ");
}
