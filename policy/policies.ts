import { Policies } from "@pulumi/policy";
import { RULES } from "../review/rules";
import { REMEDIES, remedyPolicy } from "./remedies";
import { resourcePolicy } from "./resourcePolicy";
import { reviewPolicy } from "./reviewPolicy";
import { certificateNearExpiry } from "./rules/certificateNearExpiry";
import { openEgress } from "./rules/openEgress";
import { privateKeyInPlainText } from "./rules/privateKeyInPlainText";

/** What one resource shows by itself, and the review does not look at. */
export const RESOURCE_RULES = [openEgress, privateKeyInPlainText, certificateNearExpiry];

export const POLICIES: Policies = [
    ...RULES.map(reviewPolicy),
    ...RESOURCE_RULES.map(resourcePolicy),
    ...REMEDIES.map(remedyPolicy),
];
