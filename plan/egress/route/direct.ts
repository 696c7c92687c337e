import { DEFAULT_PORTS, RouteObject, ResolvedRoute, visibleTo } from "./route";
import { serviceEntry } from "./serviceEntry";

/**
 * The hosts made known to the callers' sidecars, which send on what the application sends. An entry each: Istio takes
 * no more than one host with ports of plain TCP.
 */
export function direct(route: ResolvedRoute): RouteObject[] {
    const { namespace } = route.allowFrom[0];
    const ports = (route.ports ?? DEFAULT_PORTS).map(({ number, protocol }) => ({
        number,
        name: `${protocol}-${number}`,
        protocol: protocol.toUpperCase(),
    }));
    const exportTo = visibleTo(route, namespace);
    return route.hosts.map((host) => ({
        key: host,
        layer: "entry",
        object: serviceEntry({ ...route, hosts: [host] }, namespace, ports, exportTo),
    }));
}
