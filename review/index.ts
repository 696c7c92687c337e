export type { ObjectRef } from "./rawObject";
export type { SkippedObject } from "./readObjects";
export { type Finding, type ReviewOptions, type ReviewResult, type RuleInfo, allRules, review } from "./review";
export type { ReviewContext } from "./reviewContext";
export type { Severity } from "./severity";
