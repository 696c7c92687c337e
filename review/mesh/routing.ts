import { isOpaque, isTls } from "../objects/protocols";
import { MESH, Route, RouteKind, RouteMatch } from "../objects/virtualService";
import { Call } from "./calls";
import { Inventory } from "./inventory";
import { selects } from "./labels";
import { Mesh } from "./mesh";
import { Transport, namespacesOfGateway } from "./transports";
import { isVisible } from "../visibility";

/** The calls that this transport makes. */
export function callsOf(mesh: Mesh, transport: Transport): Call[] {
    const { host, port } = transport.destination;
    const namespaces = namespacesOfGateway(mesh, transport.gateway);
    return (mesh.callsByHost.get(host) ?? []).filter(
        (call) => (port ?? call.port.number) === call.port.number && namespaces.includes(call.namespace),
    );
}

/** The routes that sidecars apply to this call: those whose kind matches the port's protocol. */
function meshRoutes({ routesByHost }: Inventory, { namespace, host, port }: Call): Route[] {
    return routesByHost
        .covering(host)
        .filter(({ ref, exportTo }) => isVisible(exportTo, ref.namespace, namespace))
        .flatMap(({ routes }) => routes)
        .filter(
            ({ kind, matches }) =>
                routesFit(kind, port.protocol) && matches.some((match) => isTakenFromMesh(match, port.number)),
        );
}

export function isTakenFromMesh({ gateways, port: only }: RouteMatch, port: number): boolean {
    return gateways.includes(MESH) && (only ?? port) === port;
}

/** Whether a sidecar looks at such routes for a port of this protocol. */
export function routesFit(kind: RouteKind, protocol: string): boolean {
    return (isTls(protocol) || isOpaque(protocol)) === (kind !== "http");
}

/** Whether sidecars are led elsewhere instead of making this call. */
export function isDiverted(mesh: Inventory, call: Call): boolean {
    const routes = meshRoutes(mesh, call);
    return (
        routes.length > 0 && routes.every(({ destinations }) => destinations.every(({ host }) => host !== call.host))
    );
}

/** Whether only workloads with these labels make the call, because every route to the host asks for them. */
export function isKeptTo(labels: Record<string, string>, mesh: Inventory, call: Call): boolean {
    const routes = meshRoutes(mesh, call);
    const ways = routes.filter(({ destinations }) => destinations.some(({ host }) => host === call.host));
    return (
        routes.length > 0 &&
        ways.every(({ matches }) => matches.every(({ sourceLabels }) => selects(labels, sourceLabels)))
    );
}
