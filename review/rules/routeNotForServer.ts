import { overlap } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { Gateway, GatewayServer, chosenServers, servedRoutes, serves } from "../objects/gateway";
import { ListenerChoice, MESH, Route, RouteMatch, VirtualService } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * A server that terminates TLS with protocol TLS takes tcp routes, one that passes TLS through takes tls routes, and all
 * others take http routes (createGatewayTCPFilterChainOpts in Istio 1.31). A TLSRoute is taken by both of the first.
 */
export const routeNotForServer: Rule = {
    id: "route-not-for-server",
    title: "A gateway's route has a kind, port or listener that does not match any of the gateway's servers.",
    why: "Istio creates no listener or no route for it, and refuses calls that arrive there.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.virtualServices.flatMap((service) => [
            ...(service.listener ? wrongListener(mesh, service, service.listener) : []),
            ...service.routes.flatMap((route) =>
                route.matches.flatMap((match) =>
                    match.gateways
                        .filter((gateway) => gateway !== MESH && isMeant(service, match))
                        .flatMap((gateway) => reviewMatch(mesh, service, route, match, gateway)),
                ),
            ),
        ]),
};

/** A route of the Gateway API that asks for a listener which its Gateway has not. */
function wrongListener(
    { gatewaysById }: Mesh,
    { ref, gateways: [id] }: VirtualService,
    listener: ListenerChoice,
): RuleFinding[] {
    const gateway = gatewaysById.get(id);
    if (gateway === undefined || gateway.servers.length === 0) {
        return [];
    }
    const { path, section, port } = listener;
    if (chosenServers(gateway, listener).length > 0) {
        return [];
    }
    const names = gateway.servers.map((server) => (section === undefined ? server.port : (server.section ?? "")));
    return [
        finding(
            { ref },
            {
                path: `${path}.${section === undefined ? "port" : "sectionName"}`,
                value: section ?? port,
                problem: `is not a listener of ${describeRef(gateway.ref)}${section !== undefined && port !== undefined ? ` on port ${port}` : ""}, so Istio ignores the route`,
                expected: `one of ${[...new Set(names)].join(", ")}`,
                fix: "Name a listener of the Gateway, or remove it",
            },
        ),
    ];
}

/** A route that names no gateways holds for the mesh too, where it may be all that it is for. */
function isMeant({ gateways }: VirtualService, { namesGateways }: RouteMatch): boolean {
    return namesGateways || !gateways.includes(MESH);
}

function reviewMatch(
    { gatewaysById }: Mesh,
    service: VirtualService,
    route: Route,
    match: RouteMatch,
    id: string,
): RuleFinding[] {
    const gateway = gatewaysById.get(id);
    const servers = chosenServers(gateway, service.listener).filter((server) => isFor(server, service));
    if (gateway === undefined || servers.length === 0) {
        return [];
    }
    const onPort = servers.filter(({ port }) => (match.port ?? port) === port);
    if (onPort.length === 0) {
        return [wrongPort(route, match, gateway, servers)];
    }
    return onPort.some((server) => takes(server, route)) ? [] : [wrongKind(route, gateway, onPort[0])];
}

function isFor(server: GatewayServer, { hosts, ref }: VirtualService): boolean {
    return serves(server, (host) => hosts.some((own) => overlap(own, host)), ref.namespace);
}

function takes(server: GatewayServer, { kind, ref }: Route): boolean {
    const served = servedRoutes(server);
    return served === undefined || served === kind || (ref.kind === "TLSRoute" && served === "tcp");
}

function wrongPort(route: Route, match: RouteMatch, gateway: Gateway, servers: GatewayServer[]): RuleFinding {
    const ports = [...new Set(servers.map(({ port }) => port))];
    return finding(route, {
        path: `${match.path}.port`,
        value: match.port,
        problem: `is not the port of a server of ${describeRef(gateway.ref)} for this host`,
        expected: `one of ${ports.join(", ")}`,
        fix: `Set port: ${ports[0]}`,
    });
}

function wrongKind(route: Route, gateway: Gateway, server: GatewayServer): RuleFinding {
    const mode = server.tlsMode === undefined ? "without TLS" : `with TLS mode ${server.tlsMode}`;
    const kind = servedRoutes(server) ?? "http";
    return finding(route, {
        path: route.path,
        problem: `is a ${route.kind} route, but ${server.path} of ${describeRef(gateway.ref)} (${server.protocol} ${mode}) accepts only ${kind} routes, so it is never used`,
        expected: `a route under ${kind} for port ${server.port}`,
        fix:
            server.tlsMode === "PASSTHROUGH"
                ? "Route by tls and sniHosts, or let the server terminate TLS"
                : `Move the route to ${kind}, with a match for the gateway and port ${server.port}`,
    });
}
