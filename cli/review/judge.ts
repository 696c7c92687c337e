import { explain } from "../../plan/shared/violation";
// eslint-disable-next-line no-restricted-imports -- until each rule states its own severity
import { reviewLevel } from "../../policy/levels";
import { ObjectRef, RawObject } from "../../review/rawObject";
import { reviewObjects } from "../../review/review";
import { ReviewContext } from "../../review/reviewContext";
import { RULES } from "../../review/rules";

export type Severity = "mandatory" | "advisory";

/** The form of a finding in every output. */
export interface ReportedFinding {
    rule: string;
    severity: Severity;
    object: ObjectRef;
    /** Path of the property in the object. */
    path: string;
    message: string;
    /** The rule's page. */
    url: string;
}

export interface RuleInfo {
    id: string;
    severity: Severity;
    title: string;
    why: string;
    url: string;
}

/** Every rule by its id, in the order of the review. */
export function allRules(): RuleInfo[] {
    return RULES.map(({ id, title, why }) => ({ id, title, why, severity: severityOf(id), url: pageOf(id) }));
}

/** The findings of all rules. */
export function judge(objects: RawObject[], context: ReviewContext): ReportedFinding[] {
    return reviewObjects(objects, context).map(({ rule, object, violation }) => ({
        rule,
        severity: severityOf(rule),
        object,
        path: violation.path,
        message: explain(violation),
        url: pageOf(rule),
    }));
}

function severityOf(rule: string): Severity {
    return reviewLevel(rule) === "mandatory" ? "mandatory" : "advisory";
}

function pageOf(rule: string): string {
    return `https://mesh-egress.example/rules/${rule}`;
}
