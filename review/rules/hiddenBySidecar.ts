import { Mesh } from "../mesh/mesh";
import { SidecarScope, sidecarScopes } from "../mesh/sidecarScope";
import { ServiceEntry } from "../objects/serviceEntry";
import { MESH, VirtualService, meshDestinations } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";
import { ELSEWHERE, audience, isVisible } from "../visibility";

/**
 * Looks at entries that are exported to a namespace by name: one that is exported to all may be hidden on purpose. Silent where one of the
 * namespace's Sidecars shows the host. Advisory, because not every workload there may call it.
 */
export const hiddenBySidecar: Rule = {
    id: "hidden-by-sidecar",
    title: "A Sidecar hides a host, or the route to its gateway, from a namespace that the host is exported to.",
    why: "Its workloads do not know the host, or call it directly and bypass the gateway.",
    severity: "advisory",
    find: (mesh) => {
        const scopeOf = sidecarScopes(mesh);
        return mesh.serviceEntries
            .filter(({ isExternal }) => isExternal)
            .flatMap((entry) =>
                audience(entry)
                    .filter((namespace) => namespace !== ELSEWHERE && !mesh.gatewayNamespaces.has(namespace))
                    .flatMap((namespace) => {
                        const scope = scopeOf(namespace);
                        return scope ? entry.hosts.flatMap((host) => reviewHost(mesh, scope, entry, host)) : [];
                    }),
            );
    },
};

function reviewHost(mesh: Mesh, scope: SidecarScope, { ref }: ServiceEntry, host: string): RuleFinding[] {
    const { namespace } = scope;
    if (!scope.shows(host, ref.namespace)) {
        const problem = `hides ${host} of namespace ${ref.namespace} from namespace ${namespace}, which the host is exported to`;
        return [hidden(scope, problem, ref.namespace, host)];
    }
    const routes = mesh.routesByHost
        .exact(host)
        .filter((route) => route.gateways.includes(MESH) && isVisible(route.exportTo, route.ref.namespace, namespace));
    const [first] = routes.filter((route) => leadsElsewhere(route, host));
    const isSeen = routes.some((route) => scope.shows(host, route.ref.namespace));
    return first === undefined || isSeen
        ? []
        : [
              hidden(
                  scope,
                  `shows ${host} to namespace ${namespace} without ${describeRef(first.ref)}, which routes it to a gateway: calls bypass the gateway`,
                  first.ref.namespace,
                  host,
              ),
          ];
}

function leadsElsewhere({ routes }: VirtualService, host: string): boolean {
    return meshDestinations(routes).some((destination) => destination.host !== host);
}

function hidden({ sidecar }: SidecarScope, problem: string, owner: string, host: string): RuleFinding {
    return finding(sidecar, {
        path: "spec.egress",
        problem,
        expected: "the hosts and routes that the namespace's workloads use",
        fix: `Add ${JSON.stringify(`${owner}/${host}`)} to egress.hosts`,
    });
}
