import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { RouteObject } from "../../plan/egress/route/route";
import { routeObjects } from "../../plan/egress/route/routeObjects";
import { CALLERS, GATEWAY } from "./benchMesh";
import { ADDRESS, CLIENTS } from "./partner";

export interface BenchRoute {
    hosts: string[];
    port: number;
    credential?: string;
    visibility?: "callers" | "gateway";
    address?: string;
}

/** The objects that an EgressRoute makes, in the order in which it makes them. */
export function egressRoute({
    credential = CLIENTS.ecdsa,
    address = ADDRESS,
    ...route
}: BenchRoute): KubernetesObject[] {
    const order: RouteObject["layer"][] = ["rule", "way", "entry"];
    const objects = routeObjects({
        mode: "mutualTls",
        ...route,
        allowFrom: [{ namespace: CALLERS }],
        hasGateway: true,
        hasMesh: false,
        hasCredential: true,
        gateway: GATEWAY,
        trustDomain: "cluster.local",
        credential,
        address,
    });
    return order.flatMap((layer) => objects.filter((one) => one.layer === layer).map(({ object }) => object));
}
