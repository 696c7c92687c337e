import { shown, withoutKeys } from "./shownValue";

/** Why an argument is refused: everything its author needs to mend it without reading source. */
export interface Violation {
    /** Path of the property, for example `hosts[0]`. */
    path: string;
    /** The value that was given. Never set it for key material: then `problem` names the thing instead. */
    value?: string | number | boolean;
    /** What is wrong with it; reads on after the value: "is a wildcard, and ...". */
    problem: string;
    /** What would have been accepted. */
    expected: string;
    /** What to do, in the imperative, without the full stop. */
    fix: string;
}

/**
 * The violation in one or two sentences on one line, without the path: `"*.x.example" is a wildcard; expected ... . List ...`. No key and
 * no token is in it, whichever argument they were given to by mistake.
 */
export function explain(violation: Violation): string {
    const subject = violation.value === undefined ? "" : `${shown(violation.value)} `;
    return withoutKeys(`${subject}${violation.problem}; expected ${violation.expected}. ${violation.fix}.`);
}

/** The same violation without texts that are secret, wherever they are in it. */
export function redact(violation: Violation, secrets: string[]): Violation {
    const hide = (text: string) => secrets.reduce((hidden, secret) => hidden.split(secret).join("[secret]"), text);
    const { value, problem, expected, fix } = violation;
    return {
        path: violation.path,
        value: typeof value === "string" && hide(value) !== value ? undefined : value,
        problem: hide(problem),
        expected: hide(expected),
        fix: hide(fix),
    };
}

/** The same violations, told from the outside: `hosts[0]` of a route becomes `routes[2].hosts[0]`. */
export function under(path: string, violations: Violation[]): Violation[] {
    return violations.map((violation) => ({ ...violation, path: joinPath(path, violation.path) }));
}

function joinPath(outer: string, inner: string): string {
    if (inner === "") {
        return outer;
    }
    return inner.startsWith("[") ? `${outer}${inner}` : `${outer}.${inner}`;
}
