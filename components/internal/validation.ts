import * as pulumi from "@pulumi/pulumi";
import { Violation, explain } from "../../plan/shared/violation";

/** Of Pulumi's two brands of errors, one has the paths, and the other a program prints without a stack trace. */
class Refused extends pulumi.InputPropertiesError {
    readonly __pulumiRunError = true;
}

/** Throws all violations of a component's arguments as one error that the engine prints property by property. */
export function assertValid(component: string, name: string, violations: Violation[]): void {
    if (violations.length === 0) {
        return;
    }
    // The message repeats the reasons, because hosts other than the engine's print nothing else.
    const reasons = violations.map((violation) => `  ${violation.path}: ${explain(violation)}`);
    throw new Refused({
        message: `${component} ${JSON.stringify(name)} is refused:\n${reasons.join("\n")}`,
        errors: violations.map((violation) => ({ propertyPath: violation.path, reason: explain(violation) })),
    });
}

/**
 * `value`, but only once `check` has no violation of it: at once where it is plain, else when it becomes known. What is
 * made from the result is therefore never registered with a refused value.
 */
export function validated<T extends object>(
    component: string,
    name: string,
    value: { [K in keyof T]: pulumi.Input<T[K]> },
    check: (known: T) => Violation[],
): pulumi.Output<T> {
    if (Object.values(value).every((part) => !pulumi.Output.isInstance(part) && !(part instanceof Promise))) {
        assertValid(component, name, check(value as T));
    }
    return (pulumi.output(value) as unknown as pulumi.Output<T>).apply((known) => {
        assertValid(component, name, check(known));
        return known;
    });
}
