import { EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import { Violation } from "../plan/shared/violation";
import { Fields } from "../review/fields";
import { RawObject, objectRef } from "../review/rawObject";
import { stackObject } from "./stackObject";
import { policyMessage } from "./policyMessage";

/** One thing to look for in a resource, whatever is around it. */
export interface ResourceRule {
    /** Kebab-case, never reused, and none of the review's. */
    id: string;
    title: string;
    why: string;
    level: EnforcementLevel;
    configSchema?: PolicyConfigSchema;
    /** What is not known yet is `UNKNOWN`. */
    find: (object: RawObject, config: Fields) => Violation[];
}

export function resourcePolicy({ id, title, why, level, configSchema, find }: ResourceRule): ResourceValidationPolicy {
    return {
        name: id,
        description: `${title} ${why}`,
        enforcementLevel: level,
        severity: level === "mandatory" ? "high" : "medium",
        configSchema,
        validateResource: (args, reportViolation) => {
            const object = stackObject(args);
            for (const violation of object ? find(object, args.getConfig<Fields>()) : []) {
                reportViolation(policyMessage(objectRef(object as RawObject), violation), args.urn);
            }
        },
    };
}
