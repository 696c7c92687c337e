import { covers, serviceNamespace } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { Transport, namespacesOfGateway } from "../mesh/transports";
import { VirtualService, isForMesh, meshDestinations } from "../objects/virtualService";
import { Rule, finding } from "../rule";

/**
 * Silent where no route among the objects leads the mesh's calls to the gateway's namespace: then all of them are in another program or file.
 * Looks at hosts that sidecars see and that a gateway calls under the name that it is called by: a gateway for calls from outside leads them to
 * other hosts.
 */
export const gatewayWithoutMeshRoute: Rule = {
    id: "gateway-without-mesh-route",
    title: "A gateway has a route to an external host, but no route leads the mesh's calls for the host to a gateway.",
    why: "Sidecars call the host directly: without the gateway's client certificate, and past its policies.",
    severity: "advisory",
    find: (mesh) => {
        const ledTo = namespacesLedTo(mesh);
        return mesh.transports
            .filter(({ gateway }) => namespacesOfGateway(mesh, gateway).some((namespace) => ledTo.has(namespace)))
            .filter((transport) => isEgress(mesh, transport) && !isLedElsewhere(mesh, transport.destination.host))
            .map(({ route, destination: { host } }) =>
                finding(route, {
                    path: route.path,
                    problem: `leads a gateway's calls to ${host}, but no route among the objects leads the calls of workloads to a gateway, so they go to the host directly`,
                    expected: "a route for the gateway mesh whose destination is the gateway's service",
                    fix: `Add mesh to gateways, and a route with match: [{ gateways: [mesh] }] to the gateway's service, or review its file together with this one`,
                }),
            );
    },
};

/** The namespaces of the services to which routes lead the mesh's calls for other hosts. */
function namespacesLedTo({ virtualServices }: Mesh): Set<string> {
    const found = new Set<string>();
    for (const { routes, hosts } of virtualServices) {
        for (const { host } of meshDestinations(routes)) {
            const namespace = hosts.includes(host) ? undefined : serviceNamespace(host);
            if (namespace !== undefined) {
                found.add(namespace);
            }
        }
    }
    return found;
}

/** Whether a gateway calls an external host for workloads that see the host too. */
function isEgress(mesh: Mesh, { service, destination: { host } }: Transport): boolean {
    return (
        service.hosts.some((own) => own !== "*" && covers(own, host)) &&
        (mesh.callsByHost.get(host) ?? []).some(({ caller, entry }) => caller === "sidecar" && entry.isExternal)
    );
}

function isLedElsewhere({ routesByHost }: Mesh, host: string): boolean {
    return routesByHost.overlapping(host).some((service) => leadsElsewhere(service, host));
}

/** A delegate that is not among the objects may lead anywhere. */
function leadsElsewhere({ routes }: VirtualService, host: string): boolean {
    return routes
        .filter(isForMesh)
        .some(
            ({ destinations, delegate }) => delegate !== undefined || destinations.some((other) => other.host !== host),
        );
}
