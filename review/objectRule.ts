import { Violation } from "../plan/shared/violation";
import { RawObject, objectRef } from "./rawObject";
import { ReviewContext } from "./reviewContext";
import { Rule, finding } from "./rule";

/** A rule that one object breaks by itself, whatever is around it. */
export interface ObjectRule extends Rule {
    judge: (object: RawObject, context: ReviewContext) => Violation[];
}

export function objectRule(rule: Omit<ObjectRule, "find">): ObjectRule {
    return {
        ...rule,
        find: ({ objects, context }) =>
            objects.flatMap((object) =>
                rule.judge(object, context).map((violation) => finding({ ref: objectRef(object) }, violation)),
            ),
    };
}

export function isObjectRule(rule: Rule): rule is ObjectRule {
    return "judge" in rule;
}
