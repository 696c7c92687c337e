import { fields, list, text } from "../../review/fields";
import { ObjectRef, RawObject } from "../../review/rawObject";
import { YamlDocument } from "./yamlDocuments";

/** Where an object was read. */
export interface ObjectSource {
    /** Path as the user gave it, or `<stdin>`. */
    file: string;
    document: YamlDocument;
    /** Path of the object in its document: empty, or `items[3]` in a List. */
    path: string;
}

export interface SourcedObject {
    object: RawObject;
    /** Absent for an object of a live cluster. */
    source?: ObjectSource;
}

/** Something that was there and that no rule looks at. */
export interface Skipped {
    /** Path of a file, or a kind of a live cluster; absent for what a rule did not understand of an object that was read. */
    source?: string;
    object?: ObjectRef;
    /** Line of the document in the file. */
    line?: number;
    reason: string;
}

/** How deep Lists are unwrapped: an anchor of YAML can make one contain itself. */
const MOST_LISTS = 10;

/** The Kubernetes objects of a document, with Lists unwrapped, and the parts that are not objects. */
export function objectsIn(file: string, document: YamlDocument): { objects: SourcedObject[]; skipped: Skipped[] } {
    const objects: SourcedObject[] = [];
    const skipped: Skipped[] = [];
    const read = (value: unknown, path: string, inherited: { apiVersion?: string; kind?: string }, depth = 0): void => {
        const own = fields(value);
        const apiVersion = text(own.apiVersion) ?? inherited.apiVersion;
        const kind = text(own.kind) ?? inherited.kind;
        if (Array.isArray(value) && path === "") {
            value.forEach((item, index) => read(item, `[${index}]`, {}));
        } else if (apiVersion === undefined || kind === undefined) {
            const place = path === "" ? "the document" : path;
            skipped.push({ source: file, line: document.line, reason: `${place} has no apiVersion and kind` });
        } else if (isList(kind, own) && depth < MOST_LISTS) {
            // The API server leaves these two out of the items of a typed list.
            const item = kind === "List" ? {} : { apiVersion, kind: kind.replace(/List$/, "") };
            list(own.items).forEach((one, index) => read(one, `${path}${path === "" ? "" : "."}items[${index}]`, item));
        } else {
            const isWhole = own.apiVersion === apiVersion && own.kind === kind;
            const object = isWhole ? (own as unknown as RawObject) : { ...own, apiVersion, kind };
            objects.push({ object, source: { file, document, path } });
        }
    };
    read(document.value, "", {});
    return { objects, skipped };
}

function isList(kind: string, own: Record<string, unknown>): boolean {
    return kind === "List" || (kind.endsWith("List") && Array.isArray(own.items));
}
