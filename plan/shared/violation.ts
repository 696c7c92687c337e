import { shown, withoutKeys } from "./shownValue";

/** Reason why an argument is refused, with everything that its author needs to fix it. */
export interface Violation {
    /** Path of the property, for example `hosts[0]`. */
    path: string;
    /** The refused value. Never set it for key material: `problem` then names the argument instead. */
    value?: string | number | boolean;
    /** What is wrong, as a continuation of the value: "is a wildcard, and ...". */
    problem: string;
    /** What is accepted. */
    expected: string;
    /** The fix, in the imperative and without a full stop. */
    fix: string;
}

/**
 * The violation in one or two sentences on one line, without the path: `"*.x.example" is a wildcard; expected ... .
 * List ...`. It contains no key or token, even if one was passed to the wrong argument.
 */
export function explain(violation: Violation): string {
    const subject = violation.value === undefined ? "" : `${shown(violation.value)} `;
    return withoutKeys(`${subject}${violation.problem}; expected ${violation.expected}. ${violation.fix}.`);
}

/** The same violation with all secret texts removed. */
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

/** The same violations with a path prefix: `hosts[0]` of a route becomes `routes[2].hosts[0]`. */
export function under(path: string, violations: Violation[]): Violation[] {
    return violations.map((violation) => ({ ...violation, path: joinPath(path, violation.path) }));
}

function joinPath(outer: string, inner: string): string {
    if (inner === "") {
        return outer;
    }
    return inner.startsWith("[") ? `${outer}${inner}` : `${outer}.${inner}`;
}
