import { DEFAULT_PORTS, RouteEntry, RouteOptions, visibleTo } from "./route";
import { serviceEntry } from "./serviceEntry";

/**
 * The hosts made known to the callers' sidecars, which send on what the application sends. An entry each: Istio takes
 * no more than one host with ports of plain TCP.
 */
export function direct(options: RouteOptions): RouteEntry[] {
    const { namespace } = options.allowFrom[0];
    const ports = (options.ports ?? DEFAULT_PORTS).map(({ number, protocol }) => ({
        number,
        name: `${protocol}-${number}`,
        protocol: protocol.toUpperCase(),
    }));
    const exportTo = visibleTo(options, namespace);
    return options.hosts.map((host) => ({
        key: host,
        layer: "entry",
        kind: "ServiceEntry",
        build: (route) => serviceEntry({ ...route, hosts: [host] }, namespace, ports, exportTo),
    }));
}
