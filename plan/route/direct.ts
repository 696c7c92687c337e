import { DEFAULT_PORTS, RouteObject, RouteRequest, visibleTo } from "./route";
import { serviceEntry } from "./serviceEntry";

/** The host made known to the callers' sidecars, which send on what the application sends. */
export function direct(route: RouteRequest): RouteObject[] {
    const { namespace } = route.allowFrom[0];
    const ports = (route.ports ?? DEFAULT_PORTS).map(({ number, protocol }) => ({
        number,
        name: `${protocol}-${number}`,
        protocol: protocol.toUpperCase(),
    }));
    const object = serviceEntry(route, namespace, ports, visibleTo(route, namespace));
    return [{ key: "service-entry", layer: "entry", object }];
}
