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
import { MESH_DEFAULTS } from "../../plan/mesh/meshOptions";

/** Owner route of each host. */
const hosts = new ClusterClaims(() => new HostClaims());

/** Client certificate of some callers. */
export interface WorkloadCredential extends AllowedCaller {
    /** Name of the credential: `secretName` of an `EgressCredential`. */
    credential: pulumi.Input<string>;
}

/** Properties of a mesh on which a route without a gateway depends. A `ServiceMesh` has them. */
export interface MeshPolicy {
    /**
     * Istio's policy for undeclared hosts: `REGISTRY_ONLY` refuses them, `ALLOW_ANY` allows them. Default:
     * `REGISTRY_ONLY`.
     *
     * @example "REGISTRY_ONLY"
     */
    outboundTrafficPolicy?: pulumi.Input<string>;
}

/** Options of a route that do not depend on its gateway. */
export interface EgressRouteSettings extends EgressRouteOptions {
    /**
     * DNS name or IP address to dial instead of each host's own name, for example a private endpoint, without scheme
     * and port. Addresses of the machine, its cluster or its cloud are refused. Default: the host.
     *
     * @example "10.20.0.4"
     */
    address?: pulumi.Input<string>;
}

export interface EgressRouteArgs extends EgressRouteSettings {
    /** The gateway: an `EgressGateway`, or the fields of an existing one. Required in modes that use it. */
    gateway?: GatewayReference;
    /**
     * The mesh, in modes without the gateway: a `ServiceMesh`, or the fields of an existing one. Default: a mesh with
     * `REGISTRY_ONLY`.
     */
    mesh?: MeshPolicy;
    /**
     * Name of the credential: `secretName` of an `EgressCredential`. Required for mutual TLS. In modes that originate
     * simple TLS, a proxy without a credential trusts the CAs of its own image.
     */
    credential?: pulumi.Input<string>;
    /**
     * A separate client certificate for each caller, in mode `mutualTls`, instead of `credential`. Every workload in
     * `allowFrom` must be in exactly one entry, and uses only that certificate.
     *
     * @example [{ namespace: "payments", serviceAccounts: ["billing"], credential: "billing-client" }]
     */
    credentials?: WorkloadCredential[];
}

/**
 * Allows some callers to call the hosts of one partner. By default, applications call `http://<host>`, and the gateway
 * originates mutual TLS to the server, checks that its certificate is for the host, and shows the route's client
 * certificate.
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
    /** The hosts. Known once every object of the route exists. */
    public readonly hosts: pulumi.Output<string[]>;
    /**
     * Annotations that pods need if their sidecars read the credential from files. They mount a secret from the pod's
     * own namespace. Empty otherwise.
     */
    public readonly podAnnotations: pulumi.Output<Record<string, string>>;
    /** The address to dial instead of each host's own name. Empty without one. */
    public readonly address: pulumi.Output<string>;
    /** Namespaces that may call through the gateway, for an `EgressLockdown`. Empty in modes without the gateway. */
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
        // A plain address can be checked before the gateway and the mesh are known.
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
                trustDomain: gateway.trustDomain ?? MESH_DEFAULTS.trustDomain,
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
        // Each layer depends only on the previous one, and so on all: the state would keep every additional name.
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
        this.address = pulumi.output(args.address).apply((address) => address ?? "");
        this.callerNamespaces = pulumi.output(
            traits(shape.mode).throughGateway ? callerNamespaces(shape.allowFrom) : [],
        );
        this.registerOutputs();
    }
}

/** The list, as a plain value if all of its items are plain. */
function allOf(names: pulumi.Input<string>[]): pulumi.Input<string[]> {
    return names.every((one) => typeof one === "string") ? names : pulumi.all(names);
}

/** ExternalName services in each caller's namespace, with which the host can be called too. */
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

/** The plain options, in the form of `plan/`. */
export function routeOptions(settings: EgressRouteSettings): EgressRouteOptions & { mode: EgressMode } {
    const { address, ...options } = settings;
    return { ...options, mode: options.mode ?? DEFAULT_MODE };
}
