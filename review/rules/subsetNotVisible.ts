import { serviceNamespace } from "../hosts";
import { callersOfRoute } from "../mesh/callers";
import { sidecarsOf } from "../mesh/calls";
import { Mesh } from "../mesh/mesh";
import { SubsetUse, subsetUses } from "../mesh/subsetUses";
import { namespacesOfGateway } from "../mesh/transports";
import { MESH, isForMesh } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Advisory, because workloads may run beside the gateway. Silent where any namespace that follows the route sees a rule with the subset, and
 * where no rule among the objects has it.
 */
export const subsetNotVisible: Rule = {
    id: "subset-not-visible",
    title: "A route's destination is a subset of a DestinationRule that the proxies on the route do not see.",
    why: "Envoy has no cluster for the subset there, and every call on the route gets 503.",
    severity: "advisory",
    find: (mesh) =>
        subsetUses(mesh)
            .filter(({ service, known, subset }) => service.hosts.length > 0 && known.has(subset))
            .flatMap((use) => {
                const owner = ownerOf(mesh, use.destination.host);
                return owner === undefined ? [] : reviewUse(mesh, use, owner);
            }),
};

/** The namespace of the host's service or entry. */
function ownerOf({ entriesByHost }: Mesh, host: string): string | undefined {
    return serviceNamespace(host) ?? entriesByHost.exact(host)[0]?.ref.namespace;
}

function reviewUse(mesh: Mesh, use: SubsetUse, owner: string): RuleFinding[] {
    const { service, route, destination } = use;
    const sidecars = isForMesh(route) ? callersOfRoute(mesh, service, destination.host) : [];
    const gateways = route.matches
        .flatMap((match) => match.gateways)
        .filter((gateway) => gateway !== MESH)
        .flatMap((gateway) => namespacesOfGateway(mesh, gateway));
    const isBlind = (namespaces: string[]) =>
        namespaces.length > 0 && !namespaces.some((namespace) => hasSubset(mesh, use, namespace, owner));
    return [
        ...(isBlind(sidecars) ? [unseen(use, sidecarsOf(sidecars[0]))] : []),
        ...(isBlind(gateways) ? [unseen(use, `the gateway in namespace ${gateways[0]}`)] : []),
    ];
}

function hasSubset(mesh: Mesh, { destination, subset }: SubsetUse, namespace: string, owner: string): boolean {
    const { general, selecting } = mesh.rulesFor(namespace, destination.host, owner);
    return [...(general ? [general] : []), ...selecting].some((rule) => rule.subsetsByName.has(subset));
}

function unseen({ route, destination, subset, rules }: SubsetUse, who: string): RuleFinding {
    const rule = rules.find(({ subsetsByName }) => subsetsByName.has(subset)) ?? rules[0];
    return finding(route, {
        path: `${destination.path}.subset`,
        value: subset,
        problem: `is a subset of ${describeRef(rule.ref)}, which ${who} ${who.startsWith("the gateway") ? "does" : "do"} not see`,
        expected:
            "a DestinationRule that the proxies on the route see: exported to them, in their namespace or in that of the host",
        fix: `Remove exportTo from the rule, or add their namespaces to it`,
    });
}
