import { Mesh } from "../mesh/mesh";
import { isTakenFromMesh, routesFit } from "../mesh/routing";
import { isVisible } from "../visibility";
import { EntryPort, ServiceEntry } from "../objects/serviceEntry";
import { MESH, Route, VirtualService } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/** A port without a protocol fits every route: Istio finds out what calls are. */
export const routeNotForPort: Rule = {
    id: "route-not-for-port",
    title: "A route's kind does not match the protocol of the host's port.",
    why: "Sidecars never use it: they call the host directly and bypass the gateway.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.virtualServices
            .filter(({ gateways }) => gateways.includes(MESH))
            .flatMap((service) => {
                const routes = service.routes.filter(({ destinations }) =>
                    destinations.some(({ host }) => !service.hosts.includes(host)),
                );
                const ports = routes.length > 0 ? portsOf(mesh, service) : [];
                return routes.flatMap((route) => reviewRoute(service, route, ports));
            }),
};

interface OwnedPort {
    entry: ServiceEntry;
    port: EntryPort;
}

function portsOf({ entriesByHost }: Mesh, { hosts, ref, exportTo }: VirtualService): OwnedPort[] {
    return hosts
        .flatMap((host) => entriesByHost.overlapping(host))
        .filter((entry) => isVisible(entry.exportTo, entry.ref.namespace, ref.namespace) || exportTo.length > 0)
        .flatMap((entry) => entry.ports.map((port) => ({ entry, port })));
}

/** Looks at a route that leads elsewhere than to its own host. */
function reviewRoute(service: VirtualService, route: Route, ports: OwnedPort[]): RuleFinding[] {
    return route.matches
        .filter(({ gateways }) => gateways.includes(MESH))
        .flatMap((match) => {
            const meant = ports.filter(({ port: { number } }) => (match.port ?? number) === number);
            const [first] = meant;
            const isTaken = meant.some(({ port }) => fits(route, port) || isRoutedOtherwise(service, port));
            return first === undefined || isTaken ? [] : [misfit(route, first)];
        });
}

function fits({ kind }: Route, { protocol }: EntryPort): boolean {
    return protocol === "" || routesFit(kind, protocol);
}

function isRoutedOtherwise({ routes }: VirtualService, port: EntryPort): boolean {
    return routes.some(
        (route) => fits(route, port) && route.matches.some((match) => isTakenFromMesh(match, port.number)),
    );
}

function misfit(route: Route, { entry, port: { number, protocol } }: OwnedPort): RuleFinding {
    const wanted = route.kind === "http" ? "HTTP" : "TLS";
    const kinds = route.kind === "http" ? (protocol === "TCP" ? "tcp" : "tls") : "http";
    return finding(route, {
        path: route.path,
        problem: `is a ${route.kind} route, but port ${number} of ${describeRef(entry.ref)} has protocol ${protocol}: sidecars do not use the route and call the host directly`,
        expected: `a ${kinds} route for that port, or an entry whose port has protocol ${wanted}`,
        fix: `Set protocol: ${wanted} for port ${number} of the entry if calls are ${wanted}, or move the route to ${kinds}`,
    });
}
