import * as pulumi from "@pulumi/pulumi";
import { Refusal, explain } from "../../plan/shared/violation";

/** Of Pulumi's two brands of errors, one has the paths, and the other a program prints without a stack trace. */
class Refused extends pulumi.InputPropertiesError {
    readonly __pulumiRunError = true;
}

/** Throws all refusals of a component's arguments as one error that the engine prints property by property. */
export function refuse(component: string, name: string, refusals: Refusal[]): void {
    if (refusals.length === 0) {
        return;
    }
    // The message repeats the reasons, because hosts other than the engine's print nothing else.
    const reasons = refusals.map((refusal) => `  ${refusal.path}: ${explain(refusal)}`);
    throw new Refused({
        message: `${component} ${JSON.stringify(name)} is refused:\n${reasons.join("\n")}`,
        errors: refusals.map((refusal) => ({ propertyPath: refusal.path, reason: explain(refusal) })),
    });
}

/**
 * `value`, but only once `check` has no refusal of it: at once where it is plain, else when it becomes known. What is
 * made from the result is therefore never registered with a refused value.
 */
export function accepted<T extends object>(
    component: string,
    name: string,
    value: { [K in keyof T]: pulumi.Input<T[K]> },
    check: (known: T) => Refusal[],
): pulumi.Output<T> {
    if (Object.values(value).every((part) => !pulumi.Output.isInstance(part) && !(part instanceof Promise))) {
        refuse(component, name, check(value as T));
    }
    return (pulumi.output(value) as unknown as pulumi.Output<T>).apply((known) => {
        refuse(component, name, check(known));
        return known;
    });
}
