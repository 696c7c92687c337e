import { Violation } from "../plan/shared/violation";
import { ObjectRef, Viewed } from "./rawObject";
import { Mesh } from "./mesh/mesh";
import { Severity } from "./severity";

/** One thing to look for. Its page is `docs/rules/<id>.md`. */
export interface Rule {
    /** For suppressions and links: kebab-case, never reused. */
    id: string;
    /** One sentence: what it finds. */
    title: string;
    /** What happens without it, for the docs. */
    why: string;
    severity: Severity;
    find: (mesh: Mesh) => RuleFinding[];
}

/** What a rule finds, in the object to change. */
export interface RuleFinding {
    object: ObjectRef;
    violation: Violation;
}

export function finding({ ref }: Viewed, violation: Violation): RuleFinding {
    return { object: ref, violation };
}
