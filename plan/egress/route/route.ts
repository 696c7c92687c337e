import { AllowedCaller, callerNamespaces } from "../../shared/caller";
import { GatewayLocation } from "../../mesh/gateway";
import { IpFamilies } from "../../mesh/ipFamilies";
import { HostClaim } from "../../shared/host";
import { IstioBody, IstioKind, ObjectMeta } from "../../shared/kubernetesObject";
import { hostObjectName } from "../../shared/names";
import { traits } from "./modes";
import { EgressMode, EgressPort, EgressRouteOptions } from "./options";

/** The part of a route that decides how many objects there are; always plain, so that a preview can count them. */
export interface RouteOptions extends EgressRouteOptions {
    mode: EgressMode;
    /** Whether there is a gateway to leave through. */
    hasGateway: boolean;
    /** Whether there is a mesh given, where there is no gateway. */
    hasMesh: boolean;
    /** Whether there is a credential; its name may not be known yet. */
    hasCredential: boolean;
    /** Whose certificate each of `credentials` is. Default: one for all callers. */
    credentialCallers?: AllowedCaller[];
}

/** What may be unknown until the update. */
export interface DeferredRouteOptions {
    gateway: GatewayLocation;
    /** IP families of the gateway's pods. Default: `ipv4`. */
    ipFamilies?: IpFamilies;
    trustDomain: string;
    /** Name of the credential. */
    credential: string;
    /** Names of the credentials of `credentialCallers`, in their order. */
    credentials?: string[];
    /** Where to dial instead of the host's own DNS name. */
    address?: string;
}

export type ResolvedRoute = RouteOptions & DeferredRouteOptions;

/**
 * When an object is made, and removed in the opposite order. A host that Istio knows before it knows how to protect it
 * would be called in plaintext, so its rules come first, then the way it takes, and last the entry that makes it known.
 */
export const LAYERS = ["rule", "way", "entry"] as const;
export type Layer = (typeof LAYERS)[number];

/** An object of a route, planned while the values that only an update knows are still missing. */
export interface RouteEntry {
    /** Tells the route's objects apart; the same in every update. */
    key: string;
    layer: Layer;
    kind: IstioKind;
    /** The object, once everything about the route is known. */
    build: (route: ResolvedRoute) => IstioBody;
}

export const DEFAULT_CONNECTION_SECONDS = 600;

export const DEFAULT_PORTS: EgressPort[] = [
    { number: 80, protocol: "http" },
    { number: 443, protocol: "tls" },
];

/** The port of the partner's server. */
export function serverPort({ mode, port }: RouteOptions): number {
    return port ?? (mode === "http" ? 80 : 443);
}

/** Named after the first host, so that two stacks that claim it collide at the API server. */
export function routeMetadata({ hosts }: RouteOptions, namespace: string): ObjectMeta {
    return { name: hostObjectName(hosts[0]), namespace };
}

/** The hosts, and which proxies hold them; one of a gateway's routes is held by the gateway too. */
export function hostClaim({ mode, hosts, allowFrom }: RouteOptions): HostClaim {
    const gateway = traits(mode).throughGateway ? ["the gateway"] : [];
    return { hosts, scopes: [...gateway, ...callerNamespaces(allowFrom)] };
}

/** For `exportTo`: the namespace of the objects, and those of the callers. */
export function visibleTo({ allowFrom }: RouteOptions, namespace: string): string[] {
    return [".", ...callerNamespaces(allowFrom).filter((caller) => caller !== namespace)];
}
