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

/** The Istio objects of a route. Those of a gateway's route live in the gateway's namespace, the only one whose routes it takes. */
export function routeEntries(options: RouteOptions): RouteEntry[] {
    return PLANNERS[options.mode](options);
}

/** The same objects where everything is known already, in the order in which they are made. */
export function routeObjects(route: ResolvedRoute): KubernetesObject[] {
    const entries = routeEntries(route);
    return LAYERS.flatMap((layer) => entries.filter((entry) => entry.layer === layer)).map(({ kind, build }) => {
        const { metadata, spec } = build(route);
        return istioObject(kind, metadata, spec);
    });
}
