import { Refusal, explain } from "../plan/shared/violation";
import { ObjectRef, describe } from "../review/rawObject";

export function violation(object: ObjectRef, refusal: Refusal): string {
    return `${describe(object)}: ${refusal.path}: ${explain(refusal)}`;
}
