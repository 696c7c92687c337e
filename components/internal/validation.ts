import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { Violation, explain, redact } from "../../plan/shared/violation";

/**
 * Pulumi has two kinds of errors: one carries property paths, the other prints without a stack trace. This class is both.
 */
class Refused extends pulumi.InputPropertiesError {
    readonly __pulumiRunError = true;

    /**
     * Pulumi inspects every error that ends a program, in colours, for its trace (uncaughtHandler in cmd/run/run.js). In a
     * program that was started by the engine, Node takes 45 s for that of an error that an `apply` throws.
     */
    [inspect.custom](): string {
        return this.message;
    }
}

/** Throws all violations of a component's arguments as one error that the engine prints property by property. */
export function assertValid(component: string, name: string, violations: Violation[]): void {
    if (violations.length === 0) {
        return;
    }
    const errors = violations.map((violation) => ({ propertyPath: violation.path, reason: explain(violation) }));
    // The message repeats the reasons, because other hosts than the engine print only the message.
    const lines = errors.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
    throw new Refused({ message: `${component} ${JSON.stringify(name)} is refused:\n${lines.join("\n")}`, errors });
}

/**
 * `value`, after `check` has accepted it: at once if it is plain, else when it becomes known. Resources that use the
 * result are therefore never registered with a refused value.
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
    return (pulumi.output(value) as unknown as pulumi.Output<T>).apply(async (known) => {
        const violations = check(known);
        const secrets = violations.length > 0 ? await secretTexts(value, known) : [];
        assertValid(
            component,
            name,
            violations.map((violation) => redact(violation, secrets)),
        );
        return known;
    });
}

/** Texts that the user marked as secret, which an error must not show. */
async function secretTexts<T extends object>(
    given: { [K in keyof T]: pulumi.Input<T[K]> },
    known: T,
): Promise<string[]> {
    const texts = await Promise.all(
        (Object.keys(given) as (keyof T)[]).map(async (key) => {
            const part: unknown = given[key];
            return pulumi.Output.isInstance(part) && (await pulumi.isSecret(part)) ? textsIn(known[key]) : [];
        }),
    );
    return texts.flat();
}

function textsIn(value: unknown): string[] {
    if (typeof value === "string") {
        return value === "" ? [] : [value];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
