import { AllowedCaller } from "../../plan/shared/caller";
import { Fields, fields, list, text, textMap, texts } from "../fields";
import { covers } from "../hosts";
import { callerOfMatch, isForEveryone, mergedCallers, sourcesOf } from "../objects/callers";
import { RawObject, objectRef } from "../rawObject";

/**
 * The callers that a gateway lets on to a host: those whom the ways of its VirtualServices ask for, else those whom the policies of its
 * namespace name. Undefined where nobody is asked.
 */
export function callersAtGateway(objects: RawObject[], gateway: HostAtGateway): AllowedCaller[] | undefined {
    return callersOfWays(objects, gateway) ?? callersOfPolicies(objects, gateway);
}

interface HostAtGateway {
    name: string;
    namespace: string;
    host: string;
    /** Whether the application speaks TLS itself. */
    isTls: boolean;
}

export function callersOfWays(
    objects: RawObject[],
    { name, namespace, host }: Omit<HostAtGateway, "isTls">,
): AllowedCaller[] | undefined {
    const matches = objects
        .filter((object) => object.kind === "VirtualService" && objectRef(object).namespace === namespace)
        .map(({ spec }) => fields(spec))
        .filter((spec) => texts(spec.hosts).some((one) => covers(one, host)))
        // A route of the host's own takes its calls before a wildcard's.
        .filter(
            (spec, _, all) => texts(spec.hosts).includes(host) || !all.some(({ hosts }) => texts(hosts).includes(host)),
        )
        .flatMap((spec) => list(spec.http).map(fields))
        .filter((way) => way.directResponse === undefined)
        .flatMap((way) => list(way.match).map(fields))
        .filter((match) => texts(match.gateways).includes(name));
    const callers = matches.map(callerOfMatch);
    const known = callers.filter((caller) => typeof caller !== "string");
    return known.length > 0 && known.length === callers.length ? mergedCallers(known) : undefined;
}

function callersOfPolicies(
    objects: RawObject[],
    { name, namespace, host, isTls }: HostAtGateway,
): AllowedCaller[] | undefined {
    const rules = objects
        .filter(
            (policy) =>
                policy.kind === "AuthorizationPolicy" &&
                objectRef(policy).namespace === namespace &&
                policyAction(policy) === "ALLOW" &&
                textMap(fields(fields(policy.spec).selector).matchLabels).istio === name,
        )
        .map((policy) => list(fields(policy.spec).rules).map(fields));
    const about = rules.flat().filter((rule) => isAbout(rule, { host, isTls }));
    return rules.length === 0 || about.some(isForEveryone) ? undefined : mergedCallers(about.flatMap(sourcesOf));
}

export function policyAction(policy: RawObject): string {
    return text(fields(policy.spec).action) ?? "ALLOW";
}

/**
 * Whether a rule lets calls to the host pass; one that names no hosts is about all of them, and one that names hosts of HTTP about no
 * call in the application's own TLS.
 */
export function isAbout(rule: Fields, { host, isTls }: { host: string; isTls: boolean }): boolean {
    const operations = list(rule.to).map((one) => fields(fields(one).operation));
    const names = list(rule.when)
        .map(fields)
        .filter(({ key }) => key === "connection.sni");
    const byHost =
        operations.length === 0 ||
        operations.some(({ hosts }) => (isTls ? texts(hosts).length === 0 : isNamed(texts(hosts), host)));
    return byHost && names.every(({ values }) => isNamed(texts(values), host));
}

function isNamed(hosts: string[], host: string): boolean {
    return hosts.length === 0 || hosts.some((one) => covers(one.replace(/:(\d+|\*)$/, ""), host));
}
