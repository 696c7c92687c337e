import { Violation, explain } from "../plan/shared/violation";
import { ObjectRef, describeRef } from "../review/rawObject";

export function policyMessage(object: ObjectRef, violation: Violation): string {
    return `${describeRef(object)}: ${violation.path}: ${explain(violation)}`;
}
