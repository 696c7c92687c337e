import { explain } from "../plan/shared/violation";
import { ObjectRef } from "./rawObject";
import { SkippedObject, readObjects } from "./readObjects";
import { ReviewContext } from "./reviewContext";
import { askRules } from "./reviewObjects";
import { ruleUrl } from "./ruleUrl";
import { RULES } from "./rules";
import { Severity } from "./severity";

/** Something that is insecure or cannot work, in the object to change. */
export interface Finding {
    /** The rule's id. */
    rule: string;
    severity: Severity;
    object: ObjectRef;
    /** Path of the property in the object, for example `spec.servers[0].tls`. */
    path: string;
    /** What is wrong, what is accepted, and what to do. */
    message: string;
    /** The rule's documentation page. */
    url: string;
}

export interface ReviewOptions extends ReviewContext {
    /** Ids of the rules to ask. Default: all. An id that there is not is an error. */
    rules?: string[];
    /** Ids of rules not to ask. Default: none. */
    skip?: string[];
}

export interface ReviewResult {
    findings: Finding[];
    /** Number of Kubernetes objects that were read, each item of a list by itself. */
    objects: number;
    /** What was not judged, and why. */
    skipped: SkippedObject[];
}

/** A rule, as lists and reports show it. */
export interface RuleInfo {
    id: string;
    title: string;
    why: string;
    severity: Severity;
    url: string;
}

/** Every rule, the gravest first. */
export function allRules(): RuleInfo[] {
    return RULES.map(({ id, title, why, severity }) => ({ id, title, why, severity, url: ruleUrl(id) }));
}

/**
 * Reviews Kubernetes objects together, as parsed from YAML or JSON, and tells what is insecure or cannot work. Whatever the
 * objects are, it has an answer; what is not a Kubernetes object is listed as skipped.
 *
 * @throws Error if `rules` or `skip` names a rule that there is not.
 * @example
 * const { findings } = review(loadAll(readFileSync("egress.yaml", "utf8")), { skip: ["http-on-443"] });
 */
export function review(input: readonly unknown[], options: ReviewOptions = {}): ReviewResult {
    const { rules: only, skip = [], ...context } = options;
    const unknown = [...(only ?? []), ...skip].filter((id) => !RULES.some((rule) => rule.id === id));
    if (unknown.length > 0) {
        throw new Error(`${JSON.stringify(unknown[0])} is not the id of a rule. allRules() lists the ids.`);
    }
    const asked = RULES.filter(({ id }) => (only?.includes(id) ?? true) && !skip.includes(id));
    const { objects, skipped } = readObjects(input);
    const { found, notes } = askRules(objects, context, asked);
    const severities = new Map(RULES.map(({ id, severity }) => [id, severity]));
    const findings = found.map(({ rule, object, violation }) => ({
        rule,
        severity: severities.get(rule) ?? "advisory",
        object,
        path: violation.path,
        message: explain(violation),
        url: ruleUrl(rule),
    }));
    return { findings, objects: objects.length, skipped: [...skipped, ...notes] };
}
