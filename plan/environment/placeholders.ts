import { Violation } from "../shared/violation";

/** Names that are reserved for examples (RFC 2606). */
const RESERVED =
    /(^|[^a-z0-9-])(([a-z0-9_*-]+\.)+example|([a-z0-9_*-]+\.)*example\.(com|net|org))(?![a-z0-9-]|\.[a-z0-9])/i;

/**
 * Refuses example names at any depth of an environment's options: an update could create Azure resources that nobody
 * can reach, or nodes that cannot pull an image. Texts of several lines are certificates and keys, and are not checked.
 */
export function validatePlaceholders(path: string, value: unknown): Violation[] {
    if (typeof value === "string") {
        const found = value.includes("\n") ? undefined : RESERVED.exec(value)?.[2];
        return found === undefined ? [] : [placeholder(path, value, found)];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => validatePlaceholders(`${path}[${index}]`, item));
    }
    // Outputs and other objects that are not plain are not known here.
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
        problem: `has the name ${name}, which is reserved for examples, so no server has it`,
        expected: "a name that you or your partner own",
        fix: `Replace ${name}, or remove the setting if it is optional`,
    };
}
