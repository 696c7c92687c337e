import { fields } from "../review/fields";
import { RawObject } from "../review/rawObject";

/** Stands for what a preview does not know yet. The review takes it as absent, but the name of its key as present. */
export const UNKNOWN = Symbol("not known yet");

/** A plain copy of what @pulumi/policy gives, which throws on every access to a value that is not known yet. */
export function known(value: unknown): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const keys = Object.keys(value);
    const read = (key: string): unknown => {
        try {
            return known((value as Record<string, unknown>)[key]);
        } catch {
            return UNKNOWN;
        }
    };
    return Array.isArray(value) ? keys.map(read) : Object.fromEntries(keys.map((key) => [key, read(key)]));
}

/** Whether it is known where an object is: else nobody can tell what it belongs to. */
export function hasPlace({ metadata }: RawObject): boolean {
    const { namespace, name } = fields(metadata);
    return typeof metadata !== "symbol" && namespace !== UNKNOWN && name !== UNKNOWN;
}

/** Whether an object can be judged. Of a secret's values only the keys are looked at. */
export function isWhole(object: RawObject): boolean {
    return isKnown(object.spec) && isKnown(object.metadata) && object.data !== UNKNOWN && object.stringData !== UNKNOWN;
}

function isKnown(value: unknown): boolean {
    return value !== UNKNOWN && (typeof value !== "object" || value === null || Object.values(value).every(isKnown));
}
