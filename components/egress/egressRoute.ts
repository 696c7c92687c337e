import * as pulumi from "@pulumi/pulumi";
import { RouteShape, refuseCredentialName, refuseRoute, routeObjects } from "../../plan/route";
import { istioObject } from "../istioObject";
import { accepted, refuse } from "../refuse";
import { GatewayReference } from "./gatewayReference";
import { claimHosts } from "./hostClaims";

/** Which proxies hold the hosts of a route. */
export enum RouteVisibility {
    /** The callers' sidecars too, which then resolve the hosts themselves: right for names that DNS does not know. */
    Callers = "callers",
    /** Only the gateway: right for hosts that DNS resolves, and the smallest configuration in the sidecars. */
    Gateway = "gateway",
}

/** Who may call: the workloads of a namespace, or only those of some of its service accounts. */
export interface AllowedCaller {
    /** Namespace of the callers. */
    namespace: string;
    /** Service accounts of that namespace. Default: all of them. */
    serviceAccounts?: string[];
}

/** What a route may be given wherever it is made. */
export interface EgressRouteSettings {
    /** The partner's hosts: lower-case DNS names, no wildcards, no IP addresses, each in one route only. */
    hosts: string[];
    /** Who may call them. Nobody else can: an empty list is refused. */
    allowFrom: AllowedCaller[];
    /** Port of the partner's servers. Default: 443. */
    port?: number;
    /** DNS name or IP address to dial instead of each host's own name, for example a private endpoint. Default: the host. */
    address?: pulumi.Input<string>;
    /**
     * Seconds after which the gateway replaces a connection, and so the longest that a certificate stays in use once it
     * has been rotated. Default: 600.
     */
    maxConnectionSeconds?: number;
    /** Which proxies hold the hosts. Default: `callers`. */
    visibility?: RouteVisibility;
}

export interface EgressRouteArgs extends EgressRouteSettings {
    /** The gateway to leave through: an `EgressGateway`, or the facts of one. */
    gateway: GatewayReference;
    /** Name of the secret with the client certificate: an `EgressCredential`'s `secretName`. */
    credential: pulumi.Input<string>;
}

/**
 * Opens the way from some callers to the hosts of one partner: applications call `http://<host>`, the gateway speaks
 * mutual TLS to the server, checks its name against the host, and shows the route's client certificate.
 */
export class EgressRoute extends pulumi.ComponentResource {
    /** The hosts; known once every object of the route is there. */
    public readonly hosts: pulumi.Output<string[]>;

    constructor(name: string, args: EgressRouteArgs, opts?: pulumi.ComponentResourceOptions) {
        const shape = routeShape(args);
        refuse("EgressRoute", name, refuseRoute(shape));
        const credential = accepted<{ credential: string }>(
            "EgressRoute",
            name,
            { credential: args.credential },
            (known) => refuseCredentialName(known.credential),
        );
        refuse("EgressRoute", name, claimHosts(name, shape.hosts, opts));
        super("mesh-egress:index:EgressRoute", name, args, opts);

        const objects = pulumi
            .output({
                gatewayName: args.gateway.gatewayName,
                namespace: args.gateway.namespace,
                trustDomain: args.gateway.trustDomain ?? "cluster.local",
                credential: credential.credential,
                address: args.address,
            })
            .apply(({ gatewayName, namespace, ...known }) =>
                routeObjects({ ...shape, ...known, gateway: { name: gatewayName, namespace } }),
            );
        const child = { parent: this };
        // A host that Istio knows before it knows how to protect it would be called in plaintext, so its rules come
        // first, then the way to the gateway, and last the entry that makes the host known; and back on deletion.
        const rules = [
            istioObject(`${name}-authorization`, "AuthorizationPolicy", objects.authorizationPolicy, child),
            ...shape.hosts.map((host, index) =>
                istioObject(`${name}-${host}`, "DestinationRule", objects.destinationRules[index], child),
            ),
        ];
        const way = istioObject(`${name}-virtual-service`, "VirtualService", objects.virtualService, {
            ...child,
            dependsOn: rules,
        });
        const entry = istioObject(`${name}-service-entry`, "ServiceEntry", objects.serviceEntry, {
            ...child,
            dependsOn: [way, ...rules],
        });

        this.hosts = entry.metadata.apply(() => shape.hosts);
        this.registerOutputs();
    }
}

/** The arguments with their defaults, as `plan/` takes them. */
export function routeShape(args: EgressRouteSettings): RouteShape {
    return {
        hosts: args.hosts,
        allowFrom: args.allowFrom,
        port: args.port ?? 443,
        maxConnectionSeconds: args.maxConnectionSeconds ?? 600,
        visibility: args.visibility ?? RouteVisibility.Callers,
    };
}
