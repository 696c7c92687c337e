import { overlap, serviceNamespace } from "../hosts";
import { TlsSettings } from "../objects/destinationRule";
import { Gateway, GatewayServer, serves } from "../objects/gateway";
import { MESH, RouteDestination, VirtualService } from "../objects/virtualService";
import { audience, isVisible } from "../visibility";
import { namespacesWithRules } from "./callers";
import { generalTls } from "./effectiveRules";
import { Mesh } from "./mesh";

/** How the sidecars of one namespace send calls to a server of a gateway, where a rule says it. */
export interface WayToGateway {
    gateway: Gateway;
    server: GatewayServer;
    /** The port of the gateway's service. */
    port: number;
    tls: TlsSettings;
}

const known = new WeakMap<Mesh, WayToGateway[]>();

/** Several rules ask, and each mesh is looked through once. Without a rule the mesh's automatic TLS decides. */
export function waysToGateways(mesh: Mesh): WayToGateway[] {
    const ways = known.get(mesh) ?? findWays(mesh);
    known.set(mesh, ways);
    return ways;
}

function findWays(mesh: Mesh): WayToGateway[] {
    return mesh.virtualServices
        .filter(({ gateways }) => gateways.includes(MESH) || gateways.length === 0)
        .flatMap((service) => meshDestinations(service).flatMap((to) => waysTo(mesh, service, to)));
}

function meshDestinations({ routes, hosts }: VirtualService): RouteDestination[] {
    return routes
        .filter(({ matches }) => matches.some(({ gateways }) => gateways.includes(MESH)))
        .flatMap(({ destinations }) => destinations)
        .filter(({ host }) => !hosts.includes(host) && serviceNamespace(host) !== undefined);
}

function waysTo(mesh: Mesh, service: VirtualService, to: RouteDestination): WayToGateway[] {
    const { port } = to;
    const owner = serviceNamespace(to.host);
    const arrival = port === undefined ? undefined : arrivalAt(mesh, service, port, owner);
    if (arrival === undefined || port === undefined || owner === undefined) {
        return [];
    }
    const callers = [...new Set([...namespacesWithRules(mesh, to.host), ...audience(service)])].filter(
        (namespace) =>
            isVisible(service.exportTo, service.ref.namespace, namespace) && !mesh.gatewayNamespaces.has(namespace),
    );
    return callers.flatMap((caller) => {
        const tls = generalTls(mesh.rulesFor(caller, to.host, owner), port, to.subset);
        return tls ? [{ ...arrival, port, tls }] : [];
    });
}

/** The server that the route's calls arrive at: of a Gateway whose pods are behind the service. */
function arrivalAt(
    mesh: Mesh,
    service: VirtualService,
    port: number,
    podNamespace: string | undefined,
): Pick<WayToGateway, "gateway" | "server"> | undefined {
    const bound = new Set(service.gateways.filter((id) => id !== MESH));
    // A route of the Gateway API is bound to its gateway in an object of its own.
    const gateways =
        bound.size > 0
            ? [...bound].flatMap((id) => mesh.gatewaysById.get(id) ?? [])
            : mesh.gateways.filter((gateway) => gateway.podNamespace === podNamespace);
    for (const gateway of gateways) {
        const server = gateway.servers.find(
            (one) =>
                one.port === port &&
                serves(one, (host) => service.hosts.some((own) => overlap(own, host)), service.ref.namespace),
        );
        if (server) {
            return { gateway, server };
        }
    }
    return undefined;
}
