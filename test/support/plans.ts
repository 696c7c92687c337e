import fc from "fast-check";
import { GatewayPlace, gatewayObjects } from "../../plan/mesh/gateway";
import { refuseSharedHosts } from "../../plan/shared/host";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { refuseRoute } from "../../plan/egress/route/validateRoute";
import { RouteRequest, hostClaim } from "../../plan/egress/route/route";
import { routeObjects } from "../../plan/egress/route/routeObjects";
import { anyRouteRequest, identityRoute, label, serviceName } from "./arbitraries";

/** A gateway with some routes, as one program would make them. */
export interface Plan {
    gateway: GatewayPlace;
    routes: RouteRequest[];
}

/** Of every mode, with one certificate for all callers or one for each. */
export const anyRoute = fc.oneof({ weight: 6, arbitrary: anyRouteRequest }, { weight: 1, arbitrary: identityRoute });

/**
 * Plans that the planner accepts. Namespaces and hosts are few, so that routes meet where they may; no caller is in the
 * gateway's own namespace.
 */
export function acceptedPlan(route: fc.Arbitrary<RouteRequest> = anyRoute): fc.Arbitrary<Plan> {
    const crowded = fc
        .tuple(
            route,
            fc.option(fc.shuffledSubarray(["api.partner.example", "db.partner.example"], { minLength: 1 }), {
                freq: 1,
            }),
            fc.option(fc.constantFrom("payments", "orders"), { freq: 1 }),
        )
        .map(([one, hosts, namespace]): RouteRequest => ({
            ...one,
            hosts: hosts?.slice(0, one.serviceName ? 1 : undefined) ?? one.hosts,
            // Who has a certificate of its own is one of the callers.
            allowFrom: namespace && !one.credentialCallers ? [{ ...one.allowFrom[0], namespace }] : one.allowFrom,
        }));
    return fc
        .tuple(fc.record({ name: serviceName, namespace: label() }), fc.array(crowded, { minLength: 1, maxLength: 4 }))
        .map(([gateway, routes]) => ({ gateway, routes: routes.map((one) => ({ ...one, gateway })) }))
        .filter((plan) => isAccepted(plan) && !hasCallersAtGateway(plan));
}

function isAccepted({ routes }: Plan): boolean {
    const claims = routes.map((route, index) => ({ path: `routes[${index}]`, ...hostClaim(route) }));
    return [...routes.flatMap(refuseRoute), ...refuseSharedHosts(claims)].length === 0;
}

function hasCallersAtGateway({ gateway, routes }: Plan): boolean {
    return routes.some(({ allowFrom }) => allowFrom.some(({ namespace }) => namespace === gateway.namespace));
}

export function planObjects({ gateway, routes }: Plan): KubernetesObject[] {
    const plaintextLeg = routes.some(({ leg }) => leg === "plaintext");
    return [
        ...Object.values<KubernetesObject>({ ...gatewayObjects({ ...gateway, plaintextLeg }) }),
        ...routes.flatMap((route) => routeObjects(route).map(({ object }) => object)),
    ];
}
