import { KubernetesObject, istioObject } from "../../shared/kubernetesObject";
import { direct } from "./direct";
import { fromSidecar } from "./fromSidecar";
import { EgressMode } from "./options";
import { passthrough } from "./passthrough";
import { LAYERS, ResolvedRoute, RouteEntry, RouteOptions } from "./route";
import { throughGateway } from "./throughGateway";

const PLANNERS: Record<EgressMode, (options: RouteOptions) => RouteEntry[]> = {
    mutualTls: throughGateway,
    simpleTls: throughGateway,
    http: throughGateway,
    passthrough,
    sidecarMutualTls: fromSidecar,
    sidecarSimpleTls: fromSidecar,
    direct,
};

/**
 * Istio objects of a route. For a route through a gateway, they are in the gateway's namespace, because the gateway
 * accepts routes from no other.
 */
export function routeEntries(options: RouteOptions): RouteEntry[] {
    return PLANNERS[options.mode](options);
}

/** The same objects if everything is known already, in order of creation. */
export function routeObjects(route: ResolvedRoute): KubernetesObject[] {
    const entries = routeEntries(route);
    return LAYERS.flatMap((layer) => entries.filter((entry) => entry.layer === layer)).map(({ kind, build }) => {
        const { metadata, spec } = build(route);
        return istioObject(kind, metadata, spec);
    });
}
