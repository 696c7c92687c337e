import { Call } from "./calls";
import { covers } from "./hosts";
import { isOpaque, isTls } from "./objects/serviceEntry";
import { MESH, Route, RouteDestination, RouteKind, RouteMatch, VirtualService } from "./objects/virtualService";
import { Inventory, Scene, namespacesOfGateway, selects } from "./scene";
import { isVisible } from "./visibility";

/** One way from a gateway to a destination. */
export interface GatewayTransport {
    service: VirtualService;
    route: Route;
    match: RouteMatch;
    /** `namespace/name`. */
    gateway: string;
    destination: RouteDestination;
}

/** Every way that a VirtualService takes from a gateway on. */
export function gatewayTransports({ virtualServices }: Inventory): GatewayTransport[] {
    return virtualServices.flatMap((service) =>
        service.routes.flatMap((route) =>
            route.matches.flatMap((match) =>
                match.gateways
                    .filter((gateway) => gateway !== MESH)
                    .flatMap((gateway) =>
                        route.destinations.map((destination) => ({ service, route, match, gateway, destination })),
                    ),
            ),
        ),
    );
}

/** The calls that this transport makes. */
export function callsOf(scene: Scene, transport: GatewayTransport): Call[] {
    const { host, port } = transport.destination;
    const namespaces = namespacesOfGateway(scene, transport.gateway);
    return (scene.callsByHost.get(host) ?? []).filter(
        (call) => (port ?? call.port.number) === call.port.number && namespaces.includes(call.namespace),
    );
}

/** The routes that sidecars take in the place of this call: those that fit what the port's protocol lets them see. */
function meshRoutes(scene: Inventory, { namespace, host, port }: Call): Route[] {
    const kinds = routeKinds(port.protocol);
    return scene.virtualServices
        .filter(
            ({ ref, hosts, exportTo }) =>
                isVisible(exportTo, ref.namespace, namespace) && hosts.some((own) => covers(own, host)),
        )
        .flatMap(({ routes }) => routes)
        .filter(
            ({ kind, matches }) =>
                kinds.includes(kind) &&
                matches.some((match) => match.gateways.includes(MESH) && (match.port ?? port.number) === port.number),
        );
}

function routeKinds(protocol: string): RouteKind[] {
    return isTls(protocol) || isOpaque(protocol) ? ["tls", "tcp"] : ["http"];
}

/** Whether sidecars are led elsewhere instead of making this call. */
export function isDiverted(scene: Scene, call: Call): boolean {
    const routes = meshRoutes(scene, call);
    return (
        routes.length > 0 && routes.every(({ destinations }) => destinations.every(({ host }) => host !== call.host))
    );
}

/** Whether only workloads with these labels make the call, because every route to the host asks for them. */
export function isKeptTo(labels: Record<string, string>, scene: Scene, call: Call): boolean {
    const routes = meshRoutes(scene, call);
    const ways = routes.filter(({ destinations }) => destinations.some(({ host }) => host === call.host));
    return (
        routes.length > 0 &&
        ways.every(({ matches }) => matches.every(({ sourceLabels }) => selects(labels, sourceLabels)))
    );
}
