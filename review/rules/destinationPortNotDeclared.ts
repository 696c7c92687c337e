import { Mesh } from "../mesh/mesh";
import { MESH, RouteDestination, RouteMatch } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Silent about hosts whose ports the set does not show. Where a route names no port, Istio takes the host's only one, or
 * the one at which the call arrived (GetDestinationCluster in Istio 1.31).
 */
export const destinationPortNotDeclared: Rule = {
    id: "destination-port-not-declared",
    title: "A route's destination is a port that the host's ServiceEntry or Service does not have.",
    why: "Envoy has no cluster for that port, and every call on the route gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.virtualServices.flatMap(({ routes }) =>
            routes.flatMap((route) =>
                route.destinations.flatMap((destination): RuleFinding[] => {
                    const declared = declaredPorts(mesh, destination.host);
                    const missing =
                        declared === undefined ? undefined : missingPort(mesh, route.matches, destination, declared);
                    return missing === undefined
                        ? []
                        : [
                              finding(route, {
                                  path: destination.namesPort ? `${destination.path}.port` : destination.path,
                                  value: destination.namesPort ? missing : destination.host,
                                  problem: destination.namesPort
                                      ? `is not a port of ${destination.host}`
                                      : `has several ports and the route names none, so Istio uses the port at which calls arrive, ${missing}, which the host does not have`,
                                  expected: `one of ${[...(declared ?? [])].join(", ")}`,
                                  fix: "Name a port that the host has, or declare this one",
                              }),
                          ];
                }),
            ),
        ),
};

/** Undefined where the set does not show all of them. */
function declaredPorts({ entriesByHost, servicesByHost }: Mesh, host: string): Set<number> | undefined {
    const service = servicesByHost.get(host);
    const all = [
        ...entriesByHost.covering(host).map((entry) => ({
            ports: entry.ports.map((port) => port.number),
            isWhole: entry.hasAllPorts,
        })),
        ...(service ? [{ ports: service.ports, isWhole: service.hasAllPorts }] : []),
    ];
    const ports = new Set(all.flatMap((one) => one.ports));
    return ports.size > 0 && all.every(({ isWhole }) => isWhole) ? ports : undefined;
}

/** The port that a route leads to and the host does not have. */
function missingPort(
    mesh: Mesh,
    matches: RouteMatch[],
    { port, namesPort }: RouteDestination,
    declared: Set<number>,
): number | undefined {
    if (namesPort) {
        return port === undefined || declared.has(port) ? undefined : port;
    }
    const arriving = declared.size === 1 ? [] : matches.flatMap((match) => portsOf(mesh, match));
    return arriving.length > 0 && arriving.every((own) => !declared.has(own)) ? arriving[0] : undefined;
}

/** The ports at which calls arrive that take a route. */
function portsOf({ gatewaysById }: Mesh, { port, gateways }: RouteMatch): number[] {
    return port === undefined
        ? gateways
              .filter((gateway) => gateway !== MESH)
              .flatMap((gateway) => gatewaysById.get(gateway)?.servers.map((server) => server.port) ?? [])
        : [port];
}
