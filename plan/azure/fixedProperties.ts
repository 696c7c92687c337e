import { Violation } from "../shared/violation";

/** A property that Azure cannot change in place, with its desired and its actual value. */
export interface FixedProperty {
    /** The option that decides it. */
    option: string;
    wanted: unknown;
    /** Actual value. Undefined if Azure does not report it. */
    actual: unknown;
}

/** How a resource is replaced on purpose. */
export interface Replacement {
    /** The resource that would be replaced, such as "the cluster". */
    what: string;
    /** Consequence of the replacement. */
    cost: string;
    /** The option that allows the replacement. */
    option: string;
    /** The way to change it without an outage, in the imperative. */
    way: string;
}

/** Refuses a change that would replace a resource that others rely on. */
export function validateFixed(properties: FixedProperty[], { what, cost, option, way }: Replacement): Violation[] {
    return properties
        .filter(({ wanted, actual }) => actual !== undefined && actual !== null && !isSame(actual, wanted))
        .map(({ option: path, wanted, actual }) => ({
            path,
            value: typeof wanted === "string" || typeof wanted === "number" ? wanted : text(wanted),
            problem: `cannot be changed in place: ${what} has ${text(actual)}, and a change would replace it, ${cost}`,
            expected: `${text(actual)}, or ${option}: true`,
            fix: `Set it back. To change it without an outage, ${way}. To replace ${what} anyway, set ${option} to true`,
        }));
}

/** Azure returns some values in another case, and lists in another order. */
function isSame(one: unknown, other: unknown): boolean {
    const [these, those] = [one, other].map((value) => listed(partsOf(value).map((part) => part.toLowerCase())));
    return these === those;
}

const text = (value: unknown) => listed(partsOf(value));

const listed = (parts: string[]) => parts.sort().join(", ");

function partsOf(value: unknown): string[] {
    return value === undefined ? ["none"] : [value].flat().map((part) => `${part as string | number}`);
}
