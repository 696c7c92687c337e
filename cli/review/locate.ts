import { ObjectRef, objectRef } from "../../review/rawObject";
import { ObjectSource, SourcedObject } from "../input/objects";
import { YamlDocument } from "../input/yamlDocuments";
import { Places, placesIn } from "./places";

/** A place in a file. */
export interface FileLocation {
    file: string;
    /** From 1. */
    line: number;
}

interface ParsedDocument {
    places: Places;
    /** The offset at which each line starts. */
    lineStarts: number[];
}

/** Documents longer than this, in characters, are not searched for the line of a property: an object's first line has to do. */
const LONGEST_SEARCHED = 2_000_000;

/** Finds the line of a finding in the files that the objects were read from. */
export class Locator {
    private known: Map<string, ObjectSource> | undefined;
    private readonly parsed = new Map<YamlDocument, ParsedDocument>();

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

    private lineOf({ document, path: own }: ObjectSource, path: string): number {
        const { line, text } = document;
        if (text.length > LONGEST_SEARCHED) {
            return line;
        }
        const { places, lineStarts } = this.parse(document);
        const offset = places.of([...keysOf(own), ...keysOf(path)]) ?? places.first;
        return line + lastAtMost(lineStarts, offset);
    }

    private parse(document: YamlDocument): ParsedDocument {
        const parsed = this.parsed.get(document) ?? {
            places: placesIn(document.text),
            lineStarts: lineStartsOf(document.text),
        };
        this.parsed.set(document, parsed);
        return parsed;
    }
}

function lineStartsOf(text: string): number[] {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
        starts.push(at + 1);
    }
    return starts;
}

/** The index of the last number that is not greater; the numbers are sorted, and the first is 0. */
function lastAtMost(numbers: number[], limit: number): number {
    let [low, high] = [0, numbers.length];
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        [low, high] = numbers[middle] <= limit ? [middle, high] : [low, middle];
    }
    return low;
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
