import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Service } from "@pulumi/kubernetes/core/v1";
import { callerNamespaces } from "../../plan/shared/caller";
import { credentialAnnotations } from "../../plan/pki/credentialFiles";
import { HostClaims } from "../../plan/shared/host";
import { IstioKind } from "../../plan/shared/kubernetesObject";
import { traits } from "../../plan/egress/route/modes";
import { RouteContext, validateRouteContext, validateRoute } from "../../plan/egress/route/validateRoute";
import { DEFAULT_PORTS, LAYERS, RouteOptions, hostClaim } from "../../plan/egress/route/route";
import { routeObjects, routeOutline } from "../../plan/egress/route/routeObjects";
import { ClusterClaims } from "../internal/clusterClaims";
import { istioObject } from "../internal/istioObject";
import { validated, assertValid } from "../internal/validation";
import { GatewayReference } from "./gatewayReference";

/** Which route has which host. */
const hosts = new ClusterClaims(() => new HostClaims());

/** How calls leave the mesh, and who speaks TLS to the partner. */
export enum EgressMode {
    /** Applications call `http://<host>`; the gateway originates mutual TLS. */
    MutualTls = "mutualTls",
    /** Applications call `http://<host>`; the gateway originates TLS and shows no certificate. */
    SimpleTls = "simpleTls",
    /** Applications call `http://<host>`; the gateway sends plain HTTP on. For partners that have nothing else. */
    Http = "http",
    /** Applications call `https://<host>` with their own TLS, which the gateway forwards untouched. */
    Passthrough = "passthrough",
    /** Applications call `http://<host>`; their own sidecars originate mutual TLS, past the gateway. */
    SidecarMutualTls = "sidecarMutualTls",
    /** Applications call `http://<host>`; their own sidecars originate TLS, past the gateway. */
    SidecarSimpleTls = "sidecarSimpleTls",
    /** Sidecars send on what applications send, past the gateway. */
    Direct = "direct",
}

/** Which proxies hold the hosts of a route. */
export enum RouteVisibility {
    /** The callers' sidecars too, which then resolve the hosts themselves: right for names that DNS does not know. */
    Callers = "callers",
    /** Only the gateway: right for hosts that DNS resolves, and the smallest configuration in the sidecars. */
    Gateway = "gateway",
}

/** How calls get from the sidecar to the gateway. */
export enum GatewayTransport {
    /** Over the mesh's mutual TLS, by which the gateway knows who calls. */
    MutualTls = "mutualTls",
    /** In plaintext, from nobody knows whom. The gateway must allow it, and no client certificate can be used. */
    Plaintext = "plaintext",
}

/** How a proxy gets a route's credential. */
export enum CredentialSource {
    /** From the secret, without a restart. */
    Sds = "sds",
    /** From files mounted into the proxy. */
    Files = "files",
}

/** What is spoken on a port. */
export enum PortProtocol {
    /** HTTP/1.1 or HTTP/2 without TLS. */
    Http = "http",
    /** TLS with a server name, HTTPS among others. */
    Tls = "tls",
    /** Anything else. */
    Tcp = "tcp",
}

/** A port of a host that is called directly. */
export interface EgressPort {
    /** Number of the port. */
    number: number;
    /** What is spoken on it. */
    protocol: PortProtocol;
}

/** Who may call: the workloads of a namespace, or only those of some of its service accounts. */
export interface AllowedCaller {
    /** Namespace of the callers. */
    namespace: string;
    /** Service accounts of that namespace. Default: all of them. */
    serviceAccounts?: string[];
}

/** Which callers show which client certificate. */
export interface WorkloadCredential extends AllowedCaller {
    /** Name of the credential: an `EgressCredential`'s `secretName`. */
    credential: pulumi.Input<string>;
}

/** The mesh, as far as a route past the gateway depends on it. A `ServiceMesh` is one. */
export interface MeshPolicy {
    /** What the mesh does with hosts that nobody declared: `REGISTRY_ONLY` or `ALLOW_ANY`. Default: `REGISTRY_ONLY`. */
    outboundTrafficPolicy?: pulumi.Input<string>;
}

/** What a route may be given wherever it is made. */
export interface EgressRouteSettings {
    /** How calls leave, and who speaks TLS to the partner. Default: `mutualTls`. */
    mode?: EgressMode;
    /** The partner's hosts: lower-case DNS names, no wildcards, no IP addresses, each in one route only. */
    hosts: string[];
    /** Who may call them. Nobody else can: an empty list is refused. Service accounts only through the gateway. */
    allowFrom: AllowedCaller[];
    /** Port of the partner's servers. Not in mode `direct`. Default: 443, and 80 in mode `http`. */
    port?: number;
    /** Ports that applications call, in mode `direct`. Default: HTTP on 80 and TLS on 443. */
    ports?: EgressPort[];
    /** DNS name or IP address to dial instead of each host's own name, for example a private endpoint. Default: the host. */
    address?: pulumi.Input<string>;
    /**
     * Seconds after which a proxy that originates TLS replaces a connection, and so the longest that a certificate stays
     * in use once it has been rotated. Default: 600.
     */
    maxConnectionSeconds?: number;
    /** Which proxies hold the hosts, in modes that send HTTP through the gateway. Default: `callers`. */
    visibility?: RouteVisibility;
    /** How calls get to the gateway, in modes `simpleTls` and `http`. Default: `mutualTls`. */
    gatewayTransport?: GatewayTransport;
    /** How the proxy gets the credential. Default: `sds`. */
    credentialSource?: CredentialSource;
    /** Labels of the workloads whose sidecars originate TLS. Required in mode `sidecarMutualTls`, and with files there. */
    workloadLabels?: Record<string, string>;
    /** Name of an ExternalName service that stands for the host in each caller's namespace, in mode `direct`. Default: none. */
    serviceName?: string;
}

export interface EgressRouteArgs extends EgressRouteSettings {
    /** The gateway to leave through: an `EgressGateway`, or the facts of one. Required in modes that use it. */
    gateway?: GatewayReference;
    /** The mesh, in modes that go past the gateway: a `ServiceMesh`, or the facts of one. Default: one with `REGISTRY_ONLY`. */
    mesh?: MeshPolicy;
    /**
     * Name of the credential: an `EgressCredential`'s `secretName`. Required for mutual TLS. Without one in the modes
     * that originate simple TLS, the proxy trusts the CAs of its own image.
     */
    credential?: pulumi.Input<string>;
    /**
     * A client certificate for each caller instead of one for all, in mode `mutualTls`: every workload of `allowFrom` shows
     * its own, and no other. Each must be in exactly one entry.
     */
    credentials?: WorkloadCredential[];
}

/**
 * Opens the way from some callers to the hosts of one partner. By default applications call `http://<host>`, and the
 * gateway speaks mutual TLS to the server, checks its name against the host, and shows the route's client certificate.
 */
export class EgressRoute extends pulumi.ComponentResource {
    /** The hosts; known once every object of the route is there. */
    public readonly hosts: pulumi.Output<string[]>;
    /**
     * Annotations that pods need where their sidecars take the credential from files; empty otherwise. They mount a
     * secret of the pod's own namespace.
     */
    public readonly podAnnotations: pulumi.Output<Record<string, string>>;
    /** The namespaces that may call through the gateway, for an `EgressLockdown`; none in modes that go past it. */
    public readonly callerNamespaces: pulumi.Output<string[]>;

    constructor(name: string, args: EgressRouteArgs, opts?: pulumi.ComponentResourceOptions) {
        const shape: RouteOptions = {
            ...routeOptions(args),
            hasGateway: args.gateway !== undefined,
            hasMesh: args.mesh !== undefined,
            hasCredential: args.credential !== undefined,
            credentialCallers: args.credentials?.map(({ namespace, serviceAccounts }) => ({
                namespace,
                serviceAccounts,
            })),
        };
        assertValid("EgressRoute", name, validateRoute(shape));
        const gateway: Partial<GatewayReference> = args.gateway ?? {};
        const place = validated<RouteContext>(
            "EgressRoute",
            name,
            {
                credential: args.credential,
                credentials: args.credentials && allOf(args.credentials.map(({ credential }) => credential)),
                mountedCredentials: gateway.mountedCredentials,
                outboundTrafficPolicy: args.mesh?.outboundTrafficPolicy,
                plaintextPort: gateway.plaintextPort,
                gatewayNamespace: gateway.namespace,
            },
            (known) => validateRouteContext(shape, known),
        );
        const owner = `EgressRoute ${JSON.stringify(name)}`;
        assertValid(
            "EgressRoute",
            name,
            hosts.of(opts).claim("hosts", hostClaim(shape), () => owner),
        );
        super("mesh-egress:index:EgressRoute", name, args, opts);

        const objects = pulumi
            .output({
                gatewayName: gateway.gatewayName ?? "",
                namespace: gateway.namespace ?? "",
                trustDomain: gateway.trustDomain ?? "cluster.local",
                credential: place.credential,
                credentials: place.credentials,
                address: args.address,
            })
            .apply(({ gatewayName, namespace, credential = "", ...known }) =>
                routeObjects({ ...shape, ...known, credential, gateway: { name: gatewayName, namespace } }),
            );
        const outline = routeOutline(shape).map((object, index) => ({ ...object, index }));
        const made: CustomResource[] = [];
        // Each layer waits for the one before it alone, and so for all: every name more would be in the state for good.
        let dependsOn: CustomResource[] = [];
        for (const layer of LAYERS) {
            const ofLayer = outline
                .filter((one) => one.layer === layer)
                .map(({ key, object, index }) => {
                    const planned = objects.apply((all) => all[index].object);
                    const kind = object.kind as IstioKind;
                    return istioObject(`${name}-${key}`, kind, planned, { parent: this, dependsOn });
                });
            made.push(...ofLayer);
            dependsOn = ofLayer.length > 0 ? ofLayer : dependsOn;
        }
        const services = shape.serviceName ? externalNames(name, shape, shape.serviceName, this) : [];

        this.hosts = pulumi.all([...made, ...services].map(({ metadata }) => metadata)).apply(() => shape.hosts);
        const fromFiles = shape.credentialSource === CredentialSource.Files && !traits(shape.mode).throughGateway;
        this.podAnnotations = place.credential.apply((credential) =>
            fromFiles && credential ? credentialAnnotations(credential) : {},
        );
        this.callerNamespaces = pulumi.output(
            traits(shape.mode).throughGateway ? callerNamespaces(shape.allowFrom) : [],
        );
        this.registerOutputs();
    }
}

/** The list, plain where all of it is. */
function allOf(names: pulumi.Input<string>[]): pulumi.Input<string[]> {
    return names.every((one) => typeof one === "string") ? names : pulumi.all(names);
}

/** The services by whose name, in each caller's namespace, the host can be called too. */
function externalNames(name: string, shape: RouteOptions, serviceName: string, parent: pulumi.Resource): Service[] {
    const ports = (shape.ports ?? DEFAULT_PORTS).map(({ number, protocol }) => ({
        name: `${protocol}-${number}`,
        port: number,
    }));
    return callerNamespaces(shape.allowFrom).map(
        (namespace) =>
            new Service(
                `${name}-${namespace}-service`,
                {
                    metadata: { name: serviceName, namespace },
                    spec: { type: "ExternalName", externalName: shape.hosts[0], ports },
                },
                { parent },
            ),
    );
}

/** The settings as `plan/` takes them, without what tells whether there is a gateway, a mesh and a credential. */
export function routeOptions(
    args: EgressRouteSettings,
): Omit<RouteOptions, "hasGateway" | "hasMesh" | "hasCredential"> {
    return {
        mode: args.mode ?? EgressMode.MutualTls,
        hosts: args.hosts,
        allowFrom: args.allowFrom,
        port: args.port,
        ports: args.ports,
        maxConnectionSeconds: args.maxConnectionSeconds,
        visibility: args.visibility,
        gatewayTransport: args.gatewayTransport,
        credentialSource: args.credentialSource,
        workloadLabels: args.workloadLabels,
        serviceName: args.serviceName,
    };
}
