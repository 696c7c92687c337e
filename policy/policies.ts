import { Policies } from "@pulumi/policy";
import { isObjectRule } from "../review/objectRule";
import { RULES } from "../review/rules";
import { REMEDIES, remedyPolicy } from "./remedies";
import { resourcePolicy } from "./resourcePolicy";
import { reviewPolicy } from "./reviewPolicy";

/** Every rule of the review, and the remedies. */
export const POLICIES: Policies = [
    ...RULES.map((rule) => (isObjectRule(rule) ? resourcePolicy(rule) : reviewPolicy(rule))),
    ...REMEDIES.map(remedyPolicy),
];
