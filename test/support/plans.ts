import fc from "fast-check";
import { GatewayLocation, gatewayObjects } from "../../plan/mesh/gateway";
import { validateSharedHosts } from "../../plan/shared/host";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { validateRoute } from "../../plan/egress/route/validateRoute";
import { ResolvedRoute, hostClaim } from "../../plan/egress/route/route";
import { routeObjects } from "../../plan/egress/route/routeEntries";
import { anyResolvedRoute, identityRoute, label, serviceName } from "./arbitraries";

/** A gateway with some routes, as one program would make them. */
export interface Plan {
    gateway: GatewayLocation;
    routes: ResolvedRoute[];
}

/** Of every mode, with one certificate for all callers or one for each. */
export const anyRoute = fc.oneof({ weight: 6, arbitrary: anyResolvedRoute }, { weight: 1, arbitrary: identityRoute });

/**
 * Plans that the planner accepts. Namespaces and hosts are few, so that routes meet where they may; no caller is in the
 * gateway's own namespace.
 */
export function acceptedPlan(route: fc.Arbitrary<ResolvedRoute> = anyRoute): fc.Arbitrary<Plan> {
    const crowded = fc
        .tuple(
            route,
            fc.option(fc.shuffledSubarray(["api.partner.example", "db.partner.example"], { minLength: 1 }), {
                freq: 1,
            }),
            fc.option(fc.constantFrom("payments", "orders"), { freq: 1 }),
        )
        .map(([one, hosts, namespace]): ResolvedRoute => ({
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
    return [...routes.flatMap(validateRoute), ...validateSharedHosts(claims)].length === 0;
}

function hasCallersAtGateway({ gateway, routes }: Plan): boolean {
    return routes.some(({ allowFrom }) => allowFrom.some(({ namespace }) => namespace === gateway.namespace));
}

export function planObjects({ gateway, routes }: Plan): KubernetesObject[] {
    const plaintextPort = routes.some(({ gatewayTransport }) => gatewayTransport === "plaintext");
    return [
        ...Object.values<KubernetesObject>({ ...gatewayObjects({ ...gateway, plaintextPort }) }),
        ...routes.flatMap(routeObjects),
    ];
}
