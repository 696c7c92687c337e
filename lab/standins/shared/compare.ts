import { hasUnknown, isProperties, Secret, type Value } from "./values";

export type Path = (string | number)[];
export type ChangeKind = "add" | "delete" | "update";
export interface Change {
    path: Path;
    kind: ChangeKind;
}

/**
 * Where two values differ, as deep as they can be told apart. Secretness is no difference, an unknown always is one,
 * and null is the same as nothing.
 */
export function compare(before: Value | undefined, after: Value | undefined, path: Path = []): Change[] {
    const was = before instanceof Secret ? before.value : before;
    const is = after instanceof Secret ? after.value : after;
    if (was instanceof Secret || is instanceof Secret) {
        return compare(was, is, path);
    }
    if (was === undefined || was === null) {
        return is === undefined || is === null ? [] : [{ path, kind: "add" }];
    }
    if (is === undefined || is === null) {
        return [{ path, kind: "delete" }];
    }
    if (Array.isArray(was) && Array.isArray(is)) {
        const indexes = Array.from({ length: Math.max(was.length, is.length) }, (_, index) => index);
        return indexes.flatMap((index) => compare(was[index], is[index], [...path, index]));
    }
    if (isProperties(was) && isProperties(is)) {
        const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
        return keys.flatMap((key) => compare(was[key], is[key], [...path, key]));
    }
    return was === is && !hasUnknown(is) ? [] : [{ path, kind: "update" }];
}

/** A path as the engine reads it: `spec.ports[0].name`, `metadata.labels["app.kubernetes.io/name"]`. */
export function propertyPath(path: Path): string {
    return path
        .map((key, index) => {
            if (typeof key === "number") {
                return `[${key}]`;
            }
            if (/^[A-Za-z_$][\w$]*$/.test(key)) {
                return index === 0 ? key : `.${key}`;
            }
            return `["${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
        })
        .join("");
}
