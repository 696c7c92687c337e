import { AllowedCaller, callerNamespaces } from "../../plan/shared/caller";
import { fields, list, text, textMap, texts } from "../../review/fields";
import { covers } from "../../review/hosts";
import { RawObject, objectRef } from "../../review/rawObject";
import { NotCarried } from "./adoption";
import { Layout } from "./layout";
import { Way } from "./ways";

/** Who may call a host today. */
export interface FoundCallers {
    callers: AllowedCaller[];
    /** The policies that say so. */
    policies: RawObject[];
    notCarried: NotCarried[];
}

/** Reads the gateway's AuthorizationPolicies, and where there are none, who sees the host at all. */
export function callersOf(layout: Layout, way: Way, chosen: AllowedCaller[]): FoundCallers {
    const policies = way.through ? policiesAtGateway(layout, way) : [];
    const allowing = policies.filter((policy) => actionOf(policy) === "ALLOW");
    const others = policies.filter((policy) => actionOf(policy) !== "ALLOW");
    const notCarried = others.map((policy): NotCarried => ({
        object: objectRef(policy),
        path: "spec.action",
        reason: `${actionOf(policy)} policies have no counterpart: an EgressRoute allows callers, and nobody else may call`,
    }));
    const rules = allowing.flatMap((policy) =>
        list(fields(policy.spec).rules)
            .map((rule) => fields(rule))
            .filter((rule) => isAbout(rule, way.host)),
    );
    const named = rules.flatMap(sourcesOf);
    if (allowing.length > 0 && rules.every((rule) => rule.from !== undefined)) {
        return { callers: merged(named), policies: allowing, notCarried };
    }
    const seen = seenFrom(layout, way, chosen);
    return { callers: merged(seen.callers), policies: allowing, notCarried: [...notCarried, ...seen.notCarried] };
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

/** The callers that the policies of a gateway's namespace name for a host; undefined where a rule is for everybody. */
export function callersAtGateway(
    objects: RawObject[],
    { name, namespace, host }: { name: string; namespace: string; host: string },
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
    const about = rules.flat().filter((rule) => isAbout(rule, host));
    return rules.length === 0 || about.some((rule) => rule.from === undefined)
        ? undefined
        : merged(about.flatMap(sourcesOf));
}

function actionOf(policy: RawObject): string {
    return text(fields(policy.spec).action) ?? "ALLOW";
}

/** Whether a rule lets calls to the host pass; one that names no hosts is about all of them. */
function isAbout(rule: Record<string, unknown>, host: string): boolean {
    const operations = list(rule.to).map((one) => fields(fields(one).operation));
    const names = list(rule.when)
        .map(fields)
        .filter(({ key }) => key === "connection.sni");
    const byHost = operations.length === 0 || operations.some(({ hosts }) => isNamed(texts(hosts), host));
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
        const namespace = way.alias?.namespace ?? "default";
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
                reason: `every workload of the mesh may call ${way.host}, and an EgressRoute names its callers: ${list} ${chosen.length > 0 ? "as --callers says" : known.length > 0 ? "are the namespaces with sidecars" : "is a guess, for want of Namespace objects"}. Change allowFrom, or pass --callers`,
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
