import { isWildcard } from "../../shared/wildcard";
import { IstioBody } from "../../shared/kubernetesObject";
import { ResolvedRoute, routeMetadata } from "./route";

export interface EntryPort {
    number: number;
    name: string;
    protocol: string;
    targetPort?: number;
}

/** ServiceEntry that makes the hosts of a route known to the proxies of the namespaces in `exportTo`. */
export function serviceEntry(
    route: ResolvedRoute,
    namespace: string,
    ports: EntryPort[],
    exportTo: string[],
): IstioBody {
    return {
        metadata: routeMetadata(route, namespace),
        spec: {
            hosts: route.hosts,
            location: "MESH_EXTERNAL",
            ports,
            // The proxy resolves each name below a wildcard when it is called.
            resolution: route.hosts.some(isWildcard) ? "DYNAMIC_DNS" : "DNS",
            ...(route.address && { endpoints: [{ address: route.address }] }),
            exportTo,
        },
    };
}
