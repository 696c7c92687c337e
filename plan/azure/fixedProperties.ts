import { Violation } from "../shared/violation";

/** A property that Azure does not change in place, as it is wanted and as it is. */
export interface FixedProperty {
    /** The option that decides it. */
    option: string;
    wanted: unknown;
    /** What exists has this; undefined where Azure does not tell. */
    actual: unknown;
}

/** How something is replaced on purpose. */
export interface Replacement {
    /** What would be replaced, such as "the cluster". */
    what: string;
    /** What that costs. */
    cost: string;
    /** The option that asks for it by name. */
    option: string;
    /** The way without an outage, in the imperative. */
    way: string;
}

/** Refuses a change that would replace something which others rely on; without it, what exists stays as it is. */
export function validateFixed(properties: FixedProperty[], { what, cost, option, way }: Replacement): Violation[] {
    return properties
        .filter(({ wanted, actual }) => actual !== undefined && actual !== null && text(actual) !== text(wanted))
        .map(({ option: path, wanted, actual }) => ({
            path,
            value: typeof wanted === "string" || typeof wanted === "number" ? wanted : text(wanted),
            problem: `cannot be changed in place: ${what} has ${text(actual)}, and a change would replace it, ${cost}`,
            expected: `${text(actual)}, or ${option}: true`,
            fix: `Set it back. Without an outage: ${way}. To replace ${what} all the same, set ${option} to true`,
        }));
}

/** Azure writes some values in another case and lists in another order. */
function text(value: unknown): string {
    const parts = value === undefined ? ["none"] : [value].flat().map((part) => `${part as string | number}`);
    return parts.sort().join(", ").toLowerCase();
}
