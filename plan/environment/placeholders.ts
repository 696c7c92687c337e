import { Violation } from "../shared/violation";

/** Names that nobody can own (RFC 2606), as examples are written with. */
const RESERVED =
    /(^|[^a-z0-9-])(([a-z0-9_*-]+\.)+example|([a-z0-9_*-]+\.)*example\.(com|net|org))(?![a-z0-9-]|\.[a-z0-9])/i;

/**
 * Refuses names of examples at any depth of an environment's options: Azure would make resources for days that nobody can
 * reach, or the nodes could not pull an image. Texts of several lines are certificates and keys, and are not read.
 */
export function validatePlaceholders(path: string, value: unknown): Violation[] {
    if (typeof value === "string") {
        const found = value.includes("\n") ? undefined : RESERVED.exec(value)?.[2];
        return found === undefined ? [] : [placeholder(path, value, found)];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => validatePlaceholders(`${path}[${index}]`, item));
    }
    // Outputs, and whatever else is no plain object, are not known here.
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
        return [];
    }
    return Object.entries(value).flatMap(([key, item]) =>
        validatePlaceholders(path === "" ? key : `${path}.${key}`, item),
    );
}

function placeholder(path: string, value: string, name: string): Violation {
    return {
        path,
        value,
        problem: `has the name ${name}, which is reserved for examples, so nothing answers there`,
        expected: "a name of yours or of your partner",
        fix: `Replace ${name}, or remove the setting if it is optional`,
    };
}
