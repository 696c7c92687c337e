import { PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import { ObjectRule } from "../review/objectRule";
import { groupOf } from "../review/objects/kinds";
import { objectRef } from "../review/rawObject";
import { REVIEW_DEFAULTS, ReviewContext } from "../review/reviewContext";
import { policyMessage } from "./policyMessage";
import { stackObject } from "./stackObject";

/** The part of a rule's options that it reads, as the pack's configuration has them. */
const CONFIG: Record<string, PolicyConfigSchema> = {
    "certificate-near-expiry": {
        properties: {
            days: {
                type: "number",
                default: REVIEW_DEFAULTS.certificateDays,
                minimum: 0,
                description: `Days before a certificate's expiry from which it is reported. Default: ${REVIEW_DEFAULTS.certificateDays}.`,
            },
        },
    },
};

/** A rule that one resource breaks by itself: it stops the resource before it is made. */
export function resourcePolicy(rule: ObjectRule): ResourceValidationPolicy {
    return {
        name: rule.id,
        description: `${rule.title} ${rule.why}`,
        enforcementLevel: rule.severity,
        severity: rule.severity === "mandatory" ? "high" : "medium",
        configSchema: CONFIG[rule.id],
        validateResource: (args, reportViolation) => {
            const object = stackObject(args);
            const { days } = args.getConfig<{ days?: number }>();
            const context: ReviewContext = days === undefined ? {} : { certificateDays: days };
            if (object && rule.isFor(groupOf(object), object.kind)) {
                for (const violation of rule.judge(object, context)) {
                    reportViolation(policyMessage(objectRef(object), violation, rule.id), args.urn);
                }
            }
        },
    };
}
