import { overlap, serviceNamespace } from "../hosts";
import { TlsSettings } from "../objects/destinationRule";
import { Gateway, GatewayServer, serves } from "../objects/gateway";
import { MESH, RouteDestination, VirtualService, meshDestinations } from "../objects/virtualService";
import { remembered } from "../remembered";
import { callersOfRoute } from "./callers";
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
    return remembered(known, mesh, () => findWays(mesh));
}

function findWays(mesh: Mesh): WayToGateway[] {
    return mesh.virtualServices
        .filter(({ gateways }) => gateways.includes(MESH) || gateways.length === 0)
        .flatMap((service) =>
            meshDestinations(service.routes)
                .filter(({ host }) => !service.hosts.includes(host))
                .flatMap((to) => waysTo(mesh, service, to)),
        );
}

function waysTo(mesh: Mesh, service: VirtualService, to: RouteDestination): WayToGateway[] {
    const { port } = to;
    const owner = serviceNamespace(to.host);
    if (port === undefined || owner === undefined) {
        return [];
    }
    const arrival = arrivalAt(mesh, service, port, owner);
    if (arrival === undefined) {
        return [];
    }
    return callersOfRoute(mesh, service, to.host).flatMap((caller) => {
        const tls = generalTls(mesh.rulesFor(caller, to.host, owner), port, to.subset);
        return tls ? [{ ...arrival, port, tls }] : [];
    });
}

/** The server that the route's calls arrive at: of a Gateway whose pods are behind the service. */
function arrivalAt(
    mesh: Mesh,
    service: VirtualService,
    port: number,
    podNamespace: string,
): Pick<WayToGateway, "gateway" | "server"> | undefined {
    const bound = service.gateways.filter((id) => id !== MESH);
    // A route of the Gateway API is bound to its gateway in an object of its own.
    const gateways =
        bound.length > 0
            ? bound.flatMap((id) => mesh.gatewaysById.get(id) ?? [])
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
