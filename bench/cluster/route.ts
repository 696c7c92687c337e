import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { routeObjects } from "../../plan/egress/route/routeEntries";
import { CALLERS, GATEWAY } from "./benchMesh";
import { ADDRESS, CLIENTS } from "./partner";

export interface BenchRoute {
    hosts: string[];
    port: number;
    credential?: string;
    visibility?: "callers" | "gateway";
    /** Default: the partner's. Undefined: what DNS says. */
    address?: string;
}

/** The objects that an EgressRoute makes, in the order in which it makes them. */
export function egressRoute(route: BenchRoute): KubernetesObject[] {
    return routeObjects({
        mode: "mutualTls",
        credential: CLIENTS.ecdsa,
        address: ADDRESS,
        ...route,
        allowFrom: [{ namespace: CALLERS }],
        hasGateway: true,
        hasMesh: false,
        hasCredential: true,
        gateway: GATEWAY,
        trustDomain: "cluster.local",
    });
}
