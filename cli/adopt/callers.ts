import { AllowedCaller, callerNamespaces } from "../../plan/shared/caller";
import { DEFAULT_NAMESPACE } from "../../plan/shared/kubernetesObject";
import { fields, list, textMap } from "../../review/fields";
import { callersOfWays, isAbout, policyAction } from "../../review/mesh/gatewayCallers";
import { isForEveryone, mergedCallers, sourcesOf } from "../../review/objects/callers";
import { RawObject, objectRef } from "../../review/rawObject";
import { NotCarried } from "./adoption";
import { Layout, refKey } from "./layout";
import { Through, Way } from "./ways";

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
    const allowing = policies.filter((policy) => policyAction(policy) === "ALLOW");
    const others = policies.filter((policy) => policyAction(policy) !== "ALLOW");
    const notCarried = others.map((policy): NotCarried => ({
        object: objectRef(policy),
        path: "spec.action",
        reason: `${policyAction(policy)} policies have no counterpart: an EgressRoute allows its callers and denies all others`,
    }));
    const rules = allowing.flatMap((policy) =>
        list(fields(policy.spec).rules)
            .map((rule) => fields(rule))
            .filter((rule) => isAbout(rule, way)),
    );
    const named = rules.flatMap(sourcesOf);
    if (allowing.length > 0 && !rules.some(isForEveryone)) {
        return { callers: mergedCallers(named), policies: allowing, notCarried };
    }
    const seen = seenFrom(layout, way, chosen);
    return {
        callers: mergedCallers(seen.callers),
        policies: allowing,
        notCarried: [...notCarried, ...seen.notCarried],
    };
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
