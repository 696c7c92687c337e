import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Service } from "@pulumi/kubernetes/core/v1";
import { AllowedCaller, callerNamespaces } from "../../plan/shared/caller";
import { credentialAnnotations } from "../../plan/pki/credentialFiles";
import { HostClaims } from "../../plan/shared/host";
import { traits } from "../../plan/egress/route/modes";
import { validateAddress } from "../../plan/egress/route/validateTarget";
import { RouteContext, validateRouteContext, validateRoute } from "../../plan/egress/route/validateRoute";
import { DEFAULT_PORTS, LAYERS, ResolvedRoute, RouteOptions, hostClaim } from "../../plan/egress/route/route";
import { routeEntries } from "../../plan/egress/route/routeEntries";
import { IpFamilies } from "../../plan/mesh/ipFamilies";
import { ClusterClaims } from "../internal/clusterClaims";
import { istioObject } from "../internal/istioObject";
import { validated, assertValid } from "../internal/validation";
import { GatewayReference } from "./gatewayReference";
import { CredentialSource, DEFAULT_MODE, EgressMode, EgressRouteOptions } from "../../plan/egress/route/options";
import { checkedArguments } from "../internal/checkedArguments";

/** Which route has which host. */
const hosts = new ClusterClaims(() => new HostClaims());

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

/** Options of a route wherever it is made. */
export interface EgressRouteSettings extends EgressRouteOptions {
    /**
     * DNS name or IP address to dial instead of each host's own name, for example a private endpoint. It has no scheme and no port, and is not an
     * address of the machine, its cluster or its cloud. Default: the host.
     *
     * @example "10.20.0.4"
     */
    address?: pulumi.Input<string>;
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
     *
     * @example [{ namespace: "payments", serviceAccounts: ["billing"], credential: "billing-client" }]
     */
    credentials?: WorkloadCredential[];
}

/**
 * Opens the way from some callers to the hosts of one partner. By default applications call `http://<host>`, and the
 * gateway speaks mutual TLS to the server, checks its name against the host, and shows the route's client certificate.
 *
 * @example
 * {
 *     gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" },
 *     credential: "partner",
 *     hosts: ["api.partner.example"],
 *     allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
 * }
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
        args = checkedArguments("EgressRoute", name, args);
        const { gateway: gatewayReference, mesh, credential, credentials, ...settings } = args;
        const shape: RouteOptions = {
            ...routeOptions(settings),
            hasGateway: gatewayReference !== undefined,
            hasMesh: mesh !== undefined,
            hasCredential: credential !== undefined,
            credentialCallers: credentials?.map(({ namespace, serviceAccounts }) => ({
                namespace,
                serviceAccounts,
            })),
        };
        assertValid("EgressRoute", name, validateRoute(shape));
        const gateway: Partial<GatewayReference> = gatewayReference ?? {};
        // Before the gateway and the mesh are known, a plain address can be judged already.
        assertValid(
            "EgressRoute",
            name,
            typeof args.address === "string" ? validateAddress("address", args.address, []) : [],
        );
        const place = validated<RouteContext>(
            "EgressRoute",
            name,
            {
                address: args.address,
                credential,
                credentials: credentials && allOf(credentials.map((one) => one.credential)),
                mountedCredentials: gateway.mountedCredentials,
                outboundTrafficPolicy: mesh?.outboundTrafficPolicy,
                plaintextPort: gateway.plaintextPort,
                gatewayNamespace: gateway.namespace,
                istioVersion: gateway.istioVersion,
                ipFamilies: gateway.ipFamilies,
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

        const resolved = pulumi
            .output({
                gatewayName: gateway.gatewayName ?? "",
                namespace: gateway.namespace ?? "",
                trustDomain: gateway.trustDomain ?? "cluster.local",
                credential: place.credential,
                credentials: place.credentials,
                address: place.address,
                ipFamilies: place.ipFamilies as pulumi.Output<IpFamilies | undefined>,
            })
            .apply(({ gatewayName, namespace, credential = "", ...known }): ResolvedRoute => ({
                ...shape,
                ...known,
                credential,
                gateway: { name: gatewayName, namespace },
            }));
        const entries = routeEntries(shape);
        const made: CustomResource[] = [];
        // Each layer waits for the one before it alone, and so for all: every name more would be in the state for good.
        let dependsOn: CustomResource[] = [];
        for (const layer of LAYERS) {
            const ofLayer = entries
                .filter((entry) => entry.layer === layer)
                .map(({ key, kind, build }) =>
                    istioObject(`${name}-${key}`, kind, resolved.apply(build), { parent: this, dependsOn }),
                );
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

/** The plain options, as `plan/` takes them. */
export function routeOptions(settings: EgressRouteSettings): EgressRouteOptions & { mode: EgressMode } {
    const { address, ...options } = settings;
    return { ...options, mode: options.mode ?? DEFAULT_MODE };
}
