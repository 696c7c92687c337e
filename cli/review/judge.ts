import { Finding, ReviewContext, RuleInfo, Severity, allRules, review } from "../../review";
import { RawObject } from "../../review/rawObject";

export type { RuleInfo, Severity };
export { allRules };

/** The form of a finding in every output. */
export type ReportedFinding = Finding;

/** The findings of all rules. */
export function judge(objects: RawObject[], context: ReviewContext): ReportedFinding[] {
    return review(objects, context).findings;
}
