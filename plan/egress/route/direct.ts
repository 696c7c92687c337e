import { DEFAULT_PORTS, RouteEntry, RouteOptions, visibleTo } from "./route";
import { serviceEntry } from "./serviceEntry";

/**
 * Makes the hosts known to the callers' sidecars, which forward the application's traffic. Each host has its own
 * ServiceEntry: Istio accepts only one host in an entry with TCP ports.
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
