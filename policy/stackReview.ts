import { createHash } from "node:crypto";
import { RawObject } from "../review/rawObject";
import { ReviewContext } from "../review/reviewContext";
import { FoundViolation, reviewObjects } from "../review/reviewObjects";

let last: { key: string; findings: FoundViolation[] } | undefined;

/**
 * What the review finds in a stack. The engine asks each policy apart, with the same resources made anew for each: who
 * asks with what was asked last gets the same answer, so that a stack is reviewed once and not once a rule.
 */
export function reviewStack(objects: RawObject[], context: ReviewContext): FoundViolation[] {
    const key = fingerprint([objects, context]);
    if (last?.key !== key) {
        last = { key, findings: reviewObjects(objects, context) };
    }
    return last.findings;
}

/** Tells any two inputs apart, also by what is not known yet, which JSON would leave out. */
function fingerprint(value: unknown): string {
    const text = JSON.stringify(value, (_key, inner: unknown) =>
        typeof inner === "symbol" ? { [String(inner)]: true } : inner,
    );
    return createHash("sha256").update(text).digest("hex");
}
