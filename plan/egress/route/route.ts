import { AllowedCaller, callerNamespaces } from "../../shared/caller";
import { GatewayLocation } from "../../mesh/gateway";
import { IpFamilies } from "../../mesh/ipFamilies";
import { HostClaim } from "../../shared/host";
import { IstioBody, IstioKind, ObjectMeta } from "../../shared/kubernetesObject";
import { hostObjectName } from "../../shared/names";
import { traits } from "./modes";
import { EgressMode, EgressPort, EgressRouteOptions } from "./options";
import { HTTPS_PORT, HTTP_PORT } from "../../shared/ports";

/** Part of a route that decides how many objects it has. All values are plain, so that a preview knows the number. */
export interface RouteOptions extends EgressRouteOptions {
    mode: EgressMode;
    /** Whether the route has a gateway. */
    hasGateway: boolean;
    /** Whether a mesh is given instead of a gateway. */
    hasMesh: boolean;
    /** Whether the route has a credential. Its name may not be known yet. */
    hasCredential: boolean;
    /** Callers of each entry of `credentials`. Default: one credential for all callers. */
    credentialCallers?: AllowedCaller[];
}

/** Values that may be unknown until the update. */
export interface DeferredRouteOptions {
    gateway: GatewayLocation;
    /** IP families of the gateway's pods. Default: `ipv4`. */
    ipFamilies?: IpFamilies;
    trustDomain: string;
    /** Name of the credential. */
    credential: string;
    /** Names of the credentials of `credentialCallers`, in their order. */
    credentials?: string[];
    /** Address to dial instead of the host's own DNS name. */
    address?: string;
}

export type ResolvedRoute = RouteOptions & DeferredRouteOptions;

/**
 * Order in which objects are created; they are deleted in the opposite order. A host that Istio knows before its TLS
 * rules would be called in plaintext. So the rules come first, then the routing, and last the entry that makes the host
 * known.
 */
export const LAYERS = ["rule", "way", "entry"] as const;
export type Layer = (typeof LAYERS)[number];

/** An object of a route, planned before the values that only an update knows. */
export interface RouteEntry {
    /** Identifies the object within the route. It is the same in every update. */
    key: string;
    layer: Layer;
    kind: IstioKind;
    /** Builds the object from the resolved route. */
    build: (route: ResolvedRoute) => IstioBody;
}

export const DEFAULT_CONNECTION_SECONDS = 600;

export const DEFAULT_PORTS: EgressPort[] = [
    { number: HTTP_PORT, protocol: "http" },
    { number: HTTPS_PORT, protocol: "tls" },
];

/** Port of the partner's server. */
export function serverPort({ mode, port }: RouteOptions): number {
    return port ?? (mode === "http" ? HTTP_PORT : HTTPS_PORT);
}

/**
 * Name of the route's objects. It is derived from the first host, so that two stacks with the same host collide at the
 * API server.
 */
export function routeMetadata({ hosts }: RouteOptions, namespace: string): ObjectMeta {
    return { name: hostObjectName(hosts[0]), namespace };
}

/** Hosts and their callers. The gateway knows the hosts of its own routes too. */
export function hostClaim({ mode, hosts, allowFrom }: RouteOptions): HostClaim {
    const gateway = traits(mode).throughGateway ? ["the gateway"] : [];
    return { hosts, scopes: [...gateway, ...callerNamespaces(allowFrom)] };
}

/** Value of `exportTo`: the namespace of the objects and those of the callers. */
export function visibleTo({ allowFrom }: RouteOptions, namespace: string): string[] {
    return [".", ...callerNamespaces(allowFrom).filter((caller) => caller !== namespace)];
}
