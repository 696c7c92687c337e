import { Fields, fields, list, text } from "./fields";
import { ObjectRef, RawObject } from "./rawObject";

/** Something that the review did not judge, and why. */
export interface SkippedObject {
    /** Absent where the input does not say what it is. */
    object?: ObjectRef;
    /** Position in the input, from 0; absent for what was read, but not understood. */
    index?: number;
    reason: string;
}

/** The most values of one object that are looked at; the API server takes objects of some 1.5 MB. */
const MAX_VALUES = 1_000_000;
/** Objects with fewer values than this are walked without a memory of what was counted. */
const MOST_PLAIN_VALUES = 1000;
const MAX_DEPTH = 200;
const MAX_LIST_DEPTH = 10;

/** Takes lists apart, and leaves out what is not a Kubernetes object. Never throws. */
export function readObjects(input: readonly unknown[]): { objects: RawObject[]; skipped: SkippedObject[] } {
    const objects: RawObject[] = [];
    const skipped: SkippedObject[] = [];
    const take = (value: unknown, index: number, depth: number): void => {
        if (value === null || value === undefined) {
            return; // An empty document.
        }
        const inner = depth < MAX_LIST_DEPTH ? items(value) : undefined;
        if (inner) {
            inner.forEach((item) => take(item, index, depth + 1));
            return;
        }
        const reason = whyUnreadable(value);
        if (reason === undefined) {
            objects.push(value as RawObject);
        } else {
            skipped.push({ index, reason });
        }
    };
    input.forEach((value, index) => take(value, index, 0));
    return { objects, skipped };
}

/** The items of a `List`, or of a list such as `ServiceEntryList`, which says itself what they are. */
function items(value: unknown): unknown[] | undefined {
    const { apiVersion, kind, items: inner } = fields(value);
    const name = text(kind);
    if (!name?.endsWith("List") || !Array.isArray(inner)) {
        return undefined;
    }
    const own = name.slice(0, -"List".length);
    return list(inner).map((item) =>
        own === "" || text(fields(item).kind) ? item : { apiVersion, kind: own, ...fields(item) },
    );
}

function whyUnreadable(value: unknown): string | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return `is ${Array.isArray(value) ? "a list" : `a ${typeof value}`}, not a Kubernetes object`;
    }
    const { apiVersion, kind } = value as Fields;
    if (text(apiVersion) === undefined || text(kind) === undefined) {
        return "has no apiVersion and kind, so it is not a Kubernetes object";
    }
    return whyEndless(value);
}

/** Why a value of YAML cannot be walked, because of its anchors; undefined if it can. */
export function whyEndless(value: object): string | undefined {
    try {
        if (isSmall(value, 0, { left: MOST_PLAIN_VALUES })) {
            return undefined;
        }
        const count = countValues(value, new Map(), 0);
        return count > MAX_VALUES ? `expands to more than ${MAX_VALUES} values` : undefined;
    } catch (error) {
        return error instanceof RangeError ? error.message : "cannot be read";
    }
}

/** Whether a value is within the bounds, without remembering what was counted: so are nearly all objects. */
function isSmall(value: object, depth: number, budget: { left: number }): boolean {
    if (depth > MAX_DEPTH) {
        return false;
    }
    for (const key in value) {
        budget.left -= 1;
        const inner = (value as Fields)[key];
        if (budget.left < 0 || (typeof inner === "object" && inner !== null && !isSmall(inner, depth + 1, budget))) {
            return false;
        }
    }
    return true;
}

/** YAML's anchors can make a value contain itself, or make a few bytes stand for billions of values. */
function countValues(value: unknown, counted: Map<object, number>, depth: number): number {
    if (typeof value !== "object" || value === null) {
        return 1;
    }
    if (depth > MAX_DEPTH) {
        throw new RangeError(`is nested more than ${MAX_DEPTH} levels deep, or contains itself`);
    }
    const known = counted.get(value);
    if (known !== undefined) {
        return known;
    }
    let count = 1;
    for (const inner of Object.values(value)) {
        count += countValues(inner, counted, depth + 1);
    }
    counted.set(value, count);
    return count;
}
