import { Violation, explain } from "../plan/shared/violation";
import { ObjectRef, describeRef } from "../review/rawObject";
import { ruleUrl } from "../review/ruleUrl";

export function policyMessage(object: ObjectRef, violation: Violation, rule: string): string {
    return `${describeRef(object)}: ${violation.path}: ${explain(violation)} See ${ruleUrl(rule)}`;
}
