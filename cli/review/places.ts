/* eslint-disable @typescript-eslint/no-require-imports -- most documents are plain, and loading the parser takes longer than they do */
import { readPlainYaml } from "../input/plainYaml";
import { resolveScalar } from "../input/yamlDocuments";

/** The keys of a path in a document, from its outermost map on. */
export type Keys = (string | number)[];

/** Where the parts of a document stand, as offsets in its text. */
export interface Places {
    /** Of the document's first key or item. */
    first: number;
    /** Of the longest beginning of the path that the document has; undefined if it has not even the first key. */
    of: (keys: Keys) => number | undefined;
}

/** The places of a document. */
export function placesIn(text: string): Places {
    return plainPlaces(text) ?? (require("./parsedPlaces") as typeof import("./parsedPlaces")).parsedPlaces(text);
}

/** Undefined where only a whole parser can read the text. */
export function plainPlaces(text: string): Places | undefined {
    const offsets = new Map<object, Map<string | number, number>>();
    let first: number | undefined;
    const root = readPlainYaml(text, resolveScalar, (container, key, offset) => {
        first ??= offset;
        const own = offsets.get(container) ?? new Map<string | number, number>();
        offsets.set(container, own.set(key, offset));
    });
    return root && { first: first ?? 0, of: (keys) => follow(root, keys, offsets) };
}

function follow(root: object, keys: Keys, offsets: Map<object, Map<string | number, number>>): number | undefined {
    let found: number | undefined;
    let container: unknown = root;
    for (const key of keys) {
        const offset = offsets.get(container as object)?.get(key);
        if (offset === undefined) {
            return found;
        }
        found = offset;
        container = (container as Record<string | number, unknown>)[key];
    }
    return found;
}
