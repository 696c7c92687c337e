import { Violation } from "./violation";

/** Refuses values that are not a whole number in a range. `problem` says what the number counts. */
export function validateWholeNumber(
    path: string,
    value: number,
    problem: string,
    { least = 1, most }: { least?: number; most?: number } = {},
): Violation[] {
    if (Number.isInteger(value) && value >= least && value <= (most ?? Infinity)) {
        return [];
    }
    const range = most === undefined ? `from ${least}` : `from ${least} to ${most}`;
    return [{ path, value, problem, expected: `a whole number ${range}`, fix: "Correct it" }];
}
