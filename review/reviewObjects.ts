import { meshOf } from "./mesh/mesh";
import { readInventory } from "./mesh/readInventory";
import { RawObject, describeRef } from "./rawObject";
import { SkippedObject } from "./readObjects";
import { ReviewContext } from "./reviewContext";
import { Rule, RuleFinding } from "./rule";
import { RULES } from "./rules";

/** What a rule found, with the rule's id. */
export interface FoundViolation extends RuleFinding {
    rule: string;
}

/**
 * Reviews a set of Kubernetes objects together, and tells what is insecure or cannot work.
 *
 * A rule that would need an object outside the set to decide keeps silent. What `Sidecar` resources say of visibility is
 * read by `hidden-by-sidecar` alone.
 */
export function reviewObjects(objects: RawObject[], context: ReviewContext = {}): FoundViolation[] {
    return askRules(objects, context, RULES).found;
}

/** Asks some rules, and notes what was not understood. */
export function askRules(
    objects: RawObject[],
    context: ReviewContext,
    rules: Rule[],
): { found: FoundViolation[]; notes: SkippedObject[] } {
    const mesh = meshOf(readInventory(objects, context));
    const found = rules.flatMap((rule) => rule.find(mesh).map((one) => ({ rule: rule.id, ...one })));
    return { found: onePerPlace(found), notes: mesh.notes };
}

/** What holds for several namespaces or ports is told once. */
function onePerPlace(findings: FoundViolation[]): FoundViolation[] {
    const told = new Map<string, FoundViolation>();
    for (const finding of findings) {
        const place = `${finding.rule} ${describeRef(finding.object)} ${finding.violation.path}`;
        if (!told.has(place)) {
            told.set(place, finding);
        }
    }
    return [...told.values()];
}
