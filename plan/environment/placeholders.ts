import { contains, parseRange } from "../shared/addressRange";
import { Violation } from "../shared/violation";

/** Names that are reserved for examples (RFC 2606). */
const RESERVED =
    /(^|[^a-z0-9-])(([a-z0-9_*-]+\.)+example|([a-z0-9_*-]+\.)*example\.(com|net|org))(?![a-z0-9-]|\.[a-z0-9])/i;
/** Addresses that are reserved for documentation (RFC 5737, RFC 3849 and RFC 9637). */
const RESERVED_RANGES = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"].flatMap(
    (text) => parseRange(text) ?? [],
);
const ADDRESSES = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![0-9a-z:])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}/gi;

/**
 * Refuses names and addresses of examples at any depth of an environment's options: an update could create Azure
 * resources that nobody can reach, or nodes that cannot pull an image. Texts of several lines are certificates and keys,
 * and are not checked.
 */
export function validatePlaceholders(path: string, value: unknown): Violation[] {
    if (typeof value === "string") {
        return value.includes("\n") ? [] : [...exampleName(path, value), ...exampleAddress(path, value)];
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

function exampleName(path: string, value: string): Violation[] {
    const name = RESERVED.exec(value)?.[2];
    const problem = `has the name ${name}, which is reserved for examples, so no server has it`;
    return name === undefined ? [] : [placeholder(path, value, name, problem, "a name")];
}

function exampleAddress(path: string, value: string): Violation[] {
    const address = (value.match(ADDRESSES) ?? []).find(isReserved);
    const problem = `has the address ${address}, which is reserved for documentation, so no machine has it`;
    return address === undefined ? [] : [placeholder(path, value, address, problem, "an address")];
}

function placeholder(path: string, value: string, found: string, problem: string, what: string): Violation {
    return {
        path,
        value,
        problem,
        expected: `${what} that you or your partner own`,
        fix: `Replace ${found}, or remove the setting if it is optional`,
    };
}

function isReserved(address: string): boolean {
    const range = parseRange(`${address}/${address.includes(":") ? 128 : 32}`);
    return range !== undefined && RESERVED_RANGES.some((reserved) => contains(reserved, range));
}
