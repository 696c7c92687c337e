import { direct } from "./direct";
import { fromSidecar } from "./fromSidecar";
import { EgressMode } from "./options";
import { passthrough } from "./passthrough";
import { DeferredRouteOptions, RouteObject, ResolvedRoute, RouteOptions } from "./route";
import { throughGateway } from "./throughGateway";

const PLANNERS: Record<EgressMode, (route: ResolvedRoute) => RouteObject[]> = {
    mutualTls: throughGateway,
    simpleTls: throughGateway,
    http: throughGateway,
    passthrough,
    sidecarMutualTls: fromSidecar,
    sidecarSimpleTls: fromSidecar,
    direct,
};

/** All Istio objects of a route. Those of a gateway's live in its namespace: the only one whose routes it takes. */
export function routeObjects(route: ResolvedRoute): RouteObject[] {
    return PLANNERS[route.mode](route);
}

/** The same objects while what they say is not known yet: their number, keys, layers and kinds are right. */
export function routeOutline(shape: RouteOptions): RouteObject[] {
    const unknown: DeferredRouteOptions = { gateway: { name: "", namespace: "" }, trustDomain: "", credential: "" };
    return routeObjects({ ...shape, ...unknown });
}
