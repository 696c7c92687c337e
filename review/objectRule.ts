import { Violation } from "../plan/shared/violation";
import { RawObject, objectRef } from "./rawObject";
import { ReviewContext } from "./reviewContext";
import { Rule, finding } from "./rule";

/** A rule that one object breaks by itself, whatever is around it. */
export interface ObjectRule extends Rule {
    /** Whether it can be broken by an object of this kind; the group is empty for Kubernetes' own core. */
    isFor: (group: string, kind: string) => boolean;
    judge: (object: RawObject, context: ReviewContext) => Violation[];
}

export function objectRule(rule: Omit<ObjectRule, "find">): ObjectRule {
    return {
        ...rule,
        find: ({ kinds, context }) =>
            kinds
                .filter(({ group, kind }) => rule.isFor(group, kind))
                .flatMap(({ objects }) => objects)
                .flatMap((object) =>
                    rule.judge(object, context).map((violation) => finding({ ref: objectRef(object) }, violation)),
                ),
    };
}

export function isObjectRule(rule: Rule): rule is ObjectRule {
    return "judge" in rule;
}
