import { EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import { Refusal } from "../plan/shared/violation";
import { Fields } from "../review/fields";
import { RawObject, objectRef } from "../review/rawObject";
import { stackObject } from "./stackObject";
import { violation } from "./violation";

/** One thing to look for in a resource, whatever is around it. */
export interface ResourceRule {
    /** Kebab-case, never reused, and none of the review's. */
    id: string;
    title: string;
    why: string;
    level: EnforcementLevel;
    configSchema?: PolicyConfigSchema;
    /** What is not known yet is `UNKNOWN`. */
    find: (object: RawObject, config: Fields) => Refusal[];
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
            for (const refusal of object ? find(object, args.getConfig<Fields>()) : []) {
                reportViolation(violation(objectRef(object as RawObject), refusal), args.urn);
            }
        },
    };
}
