import { PolicyConfigSchema, StackValidationPolicy } from "@pulumi/policy";
import { ObjectRef, RawObject, objectRef } from "../review/rawObject";
import { REVIEW_DEFAULTS, ReviewContext } from "../review/reviewContext";
import { Rule } from "../review/rule";
import { hasPlace, isWhole } from "./known";
import { StackResource, stackObject } from "./stackObject";
import { reviewStack } from "./stackReview";
import { policyMessage } from "./policyMessage";

/** What the pack's configuration may say for a policy. */
interface PackConfig extends ReviewContext {
    allowed?: string[];
}

function contextOf({ allowed, ...context }: PackConfig): ReviewContext {
    return allowed === undefined ? context : { ...context, openPolicies: allowed };
}

/** NetworkPolicies that may be open, for the rule that asks. */
const ALLOWED: PolicyConfigSchema["properties"] = {
    allowed: {
        type: "array",
        items: { type: "string" },
        description: "NetworkPolicies that may be open, as namespace/name: the gateway's own. Default: none.",
    },
};

/** `ReviewContext`, as the pack's configuration has it. */
const CONTEXT: PolicyConfigSchema = {
    properties: {
        rootNamespace: {
            type: "string",
            description: `Istio's root namespace. Default: ${REVIEW_DEFAULTS.rootNamespace}.`,
        },
        outboundTrafficPolicy: {
            type: "string",
            enum: ["REGISTRY_ONLY", "ALLOW_ANY"],
            description: "Sidecars' policy for undeclared hosts. Default: unknown.",
        },
        ipAutoAllocation: {
            type: "boolean",
            description: `Whether istiod assigns addresses to entries. Default: ${REVIEW_DEFAULTS.ipAutoAllocation}.`,
        },
    },
};

/** A rule of the review, for the objects of a stack together. */
export function reviewPolicy(rule: Rule): StackValidationPolicy {
    const enforcementLevel = rule.severity;
    return {
        name: rule.id,
        description: `${rule.title} ${rule.why}`,
        enforcementLevel,
        severity: enforcementLevel === "mandatory" ? "high" : "medium",
        configSchema: rule.id === "open-egress" ? { properties: { ...CONTEXT.properties, ...ALLOWED } } : CONTEXT,
        validateStack: (args, reportViolation) => {
            const placed = placedObjects(args.resources);
            const findings = reviewStack(
                placed.map(({ object }) => object),
                contextOf(args.getConfig<PackConfig>()),
            );
            for (const { object, violation } of findings.filter((finding) => finding.rule === rule.id)) {
                const found = placed.filter((one) => isSame(objectRef(one.object), object));
                // What the preview leaves open is judged at the end of the update.
                if (found.every((one) => isWhole(one.object))) {
                    reportViolation(policyMessage(object, violation, rule.id), found[0]?.urn);
                }
            }
        },
    };
}

function placedObjects(resources: StackResource[]): { urn: string; object: RawObject }[] {
    return resources.flatMap((resource) => {
        const object = stackObject(resource);
        return object && hasPlace(object) ? [{ urn: resource.urn, object }] : [];
    });
}

function isSame(one: ObjectRef, other: ObjectRef): boolean {
    return (
        one.apiVersion === other.apiVersion &&
        one.kind === other.kind &&
        one.namespace === other.namespace &&
        one.name === other.name
    );
}
