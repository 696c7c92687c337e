import { IDENTITY_HEADER, callerOfPattern } from "../../plan/egress/route/identity";
import { AllowedCaller, callerNamespaces } from "../../plan/shared/caller";
import { fields, list, text, textMap, texts } from "../../review/fields";
import { covers } from "../../review/hosts";
import { RawObject, objectRef } from "../../review/rawObject";
import { NotCarried } from "./adoption";
import { Layout, refKey } from "./layout";
import { Through, Way } from "./ways";
import { DEFAULT_NAMESPACE } from "../../plan/shared/kubernetesObject";

/** Who may call a host today. */
export interface FoundCallers {
    callers: AllowedCaller[];
    /** The policies that say so. */
    policies: RawObject[];
    notCarried: NotCarried[];
}

/** Reads the gateway's AuthorizationPolicies, and where there are none, who sees the host at all. */
export function callersOf(layout: Layout, way: Way, chosen: AllowedCaller[]): FoundCallers {
    const asked = way.through && askedByRoutes(layout, way.host, way.through);
    if (asked) {
        return { callers: asked, policies: [], notCarried: [] };
    }
    const policies = way.through ? policiesAtGateway(layout, way) : [];
    const allowing = policies.filter((policy) => actionOf(policy) === "ALLOW");
    const others = policies.filter((policy) => actionOf(policy) !== "ALLOW");
    const notCarried = others.map((policy): NotCarried => ({
        object: objectRef(policy),
        path: "spec.action",
        reason: `${actionOf(policy)} policies have no counterpart: an EgressRoute allows its callers and denies all others`,
    }));
    const rules = allowing.flatMap((policy) =>
        list(fields(policy.spec).rules)
            .map((rule) => fields(rule))
            .filter((rule) => isAbout(rule, way)),
    );
    const named = rules.flatMap(sourcesOf);
    if (allowing.length > 0 && !rules.some(isForEveryone)) {
        return { callers: merged(named), policies: allowing, notCarried };
    }
    const seen = seenFrom(layout, way, chosen);
    return { callers: merged(seen.callers), policies: allowing, notCarried: [...notCarried, ...seen.notCarried] };
}

/** The callers that the gateway's routes ask for, as those of an EgressRoute do. */
function askedByRoutes({ routesByHost, raw }: Layout, host: string, { service, gateway }: Through) {
    const routes = (routesByHost.get(host) ?? []).flatMap(({ ref }) => raw.get(refKey(ref)) ?? []);
    return callersOfWays(routes, { name: gateway?.ref.name ?? service.name, namespace: service.namespace, host });
}

function policiesAtGateway({ policies, rootNamespace }: Layout, { through }: Way): RawObject[] {
    const selector = through?.gateway?.selector ?? { istio: through?.service.name ?? "" };
    return policies.filter((policy) => {
        const { namespace } = objectRef(policy);
        const own = Object.entries(textMap(fields(fields(policy.spec).selector).matchLabels));
        return (
            [through?.service.namespace, rootNamespace].includes(namespace) &&
            own.length > 0 &&
            own.every(([key, value]) => selector[key] === value)
        );
    });
}

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

function callersOfWays(
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
    const callers = matches.map((match) =>
        callerOfPattern(text(fields(fields(match.headers)[IDENTITY_HEADER]).regex) ?? ""),
    );
    const known = callers.filter((caller) => caller !== undefined);
    return known.length > 0 && known.length === callers.length ? merged(known) : undefined;
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
                actionOf(policy) === "ALLOW" &&
                textMap(fields(fields(policy.spec).selector).matchLabels).istio === name,
        )
        .map((policy) => list(fields(policy.spec).rules).map(fields));
    const about = rules.flat().filter((rule) => isAbout(rule, { host, isTls }));
    return rules.length === 0 || about.some(isForEveryone) ? undefined : merged(about.flatMap(sourcesOf));
}

function actionOf(policy: RawObject): string {
    return text(fields(policy.spec).action) ?? "ALLOW";
}

/** Whether a rule asks nobody who calls, or takes every identity of the mesh. */
function isForEveryone(rule: Record<string, unknown>): boolean {
    const sources = list(rule.from).map((one) => fields(fields(one).source));
    return sources.length === 0 || sources.some((source) => texts(source.principals).includes("*"));
}

/**
 * Whether a rule lets calls to the host pass; one that names no hosts is about all of them, and one that names hosts of HTTP about no
 * call in the application's own TLS.
 */
function isAbout(rule: Record<string, unknown>, { host, isTls }: { host: string; isTls: boolean }): boolean {
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

/** The sources of a rule as callers: principals of any trust domain, service accounts and namespaces. */
function sourcesOf(rule: Record<string, unknown>): AllowedCaller[] {
    return list(rule.from).flatMap((one) => {
        const source = fields(fields(one).source);
        const principals = texts(source.principals).flatMap((principal): AllowedCaller[] => {
            const [, namespace, account] = /\/?ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal) ?? [];
            return namespace === undefined || namespace.includes("*")
                ? []
                : [{ namespace, ...(account !== "*" && { serviceAccounts: [account] }) }];
        });
        const accounts = texts(source.serviceAccounts).flatMap((value): AllowedCaller[] => {
            const [namespace, account] = value.split("/");
            return account ? [{ namespace, serviceAccounts: [account] }] : [];
        });
        const namespaces = texts(source.namespaces).map((namespace): AllowedCaller => ({ namespace }));
        return [...principals, ...accounts, ...namespaces.filter(({ namespace }) => !namespace.includes("*"))];
    });
}

/** The namespaces that see the host's route or entry. */
function seenFrom(
    layout: Layout,
    way: Way,
    chosen: AllowedCaller[],
): { callers: AllowedCaller[]; notCarried: NotCarried[] } {
    const holder = way.through?.meshRoute ?? way.entry;
    if (!holder) {
        const namespace = way.alias?.namespace ?? DEFAULT_NAMESPACE;
        return { callers: [{ namespace }], notCarried: [] };
    }
    const { ref, exportTo } = holder;
    const without = [way.through?.service.namespace, layout.rootNamespace];
    const isOpen = exportTo.length === 0 || exportTo.includes("*");
    if (!isOpen) {
        const names = exportTo.map((name) => (name === "." ? ref.namespace : name));
        const callers = names.filter((name) => !without.includes(name)).map((namespace) => ({ namespace }));
        if (callers.length > 0) {
            return { callers, notCarried: [] };
        }
    }
    const known = layout.meshNamespaces.filter((name) => !without.includes(name)).map((namespace) => ({ namespace }));
    const callers = chosen.length > 0 ? chosen : known.length > 0 ? known : [{ namespace: ref.namespace }];
    const list = callerNamespaces(callers).join(", ");
    return {
        callers,
        notCarried: [
            {
                object: ref,
                path: "spec.exportTo",
                reason: `every workload of the mesh may call ${way.host}, but an EgressRoute lists its callers: ${list} ${chosen.length > 0 ? "from --callers" : known.length > 0 ? "(the namespaces with sidecars)" : "(a guess, because there are no Namespace objects)"}. Change allowFrom, or pass --callers`,
            },
        ],
    };
}

/** One entry a namespace, the whole namespace where any of them is. */
function merged(callers: AllowedCaller[]): AllowedCaller[] {
    return callerNamespaces(callers).map((namespace) => {
        const own = callers.filter((caller) => caller.namespace === namespace);
        return own.some(({ serviceAccounts }) => serviceAccounts === undefined)
            ? { namespace }
            : {
                  namespace,
                  serviceAccounts: [...new Set(own.flatMap(({ serviceAccounts = [] }) => serviceAccounts))].sort(),
              };
    });
}
