import { Violation } from "../plan/shared/violation";
import { ObjectRef, Viewed } from "./rawObject";
import { Scene } from "./scene";

/** Something that would fail silently, in the object to change. */
export interface Finding {
    /** The rule's id. */
    rule: string;
    object: ObjectRef;
    violation: Violation;
}

/** One thing to look for. */
export interface Rule {
    /** For suppressions and links: kebab-case, never reused. */
    id: string;
    /** One sentence: what it refuses. */
    title: string;
    /** What happens without it, for the docs. */
    why: string;
    find: (scene: Scene) => RuleFinding[];
}

export interface RuleFinding {
    object: ObjectRef;
    violation: Violation;
}

export function finding({ ref }: Viewed, violation: Violation): RuleFinding {
    return { object: ref, violation };
}
