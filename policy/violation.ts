import { Refusal, explain } from "../plan/refusal";
import { ObjectRef, describe } from "../plan/review/rawObject";

export function violation(object: ObjectRef, refusal: Refusal): string {
    return `${describe(object)}: ${refusal.path}: ${explain(refusal)}`;
}
