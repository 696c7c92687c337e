import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import { ResolvedGateway, claimGateway, gatewayObjects, gatewayValues, validateGateway } from "../../plan/mesh/gateway";
import { EgressGatewayOptions } from "../../plan/mesh/gatewayOptions";
import { IpFamilies } from "../../plan/mesh/ipFamilies";
import { ADDON_GATEWAY_NAMESPACE, GATEWAY_CONFIGURATION, gatewayConfiguration } from "../../plan/mesh/meshAddon";
import { gatewayTelemetry } from "../../plan/observability/gatewayTelemetry";
import { istioObject } from "../internal/istioObject";
import { ClusterClaims } from "../internal/clusterClaims";
import { givenSettings } from "../internal/givenSettings";
import { validated, assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** Which gateway is in which namespace, by name. */
const gateways = new ClusterClaims(() => new Map<string, string>());

/** The mesh that a gateway belongs to. A `ServiceMesh` is one; so are these facts of a mesh you already have. */
export interface MeshReference {
    /** The mesh's root namespace, where istiod is. */
    namespace: pulumi.Input<string>;
    /** Trust domain of the mesh's identities. */
    trustDomain: pulumi.Input<string>;
    /** Revision of the control plane; empty for the default one. Default: empty. */
    revision?: pulumi.Input<string>;
    /** Istio's `gateway` chart: a name in the repository, a folder or an `oci://` reference. */
    gatewayChart: pulumi.Input<string>;
    /** Repository of that chart; empty for a folder or an `oci://` reference. Default: empty. */
    chartRepository?: pulumi.Input<string>;
    /** Version of that chart; empty for the newest. Default: empty. */
    chartVersion?: pulumi.Input<string>;
    /**
     * Version of Istio, such as `1.31.0`, where `chartVersion` does not say it, as for a folder. Wildcard hosts need it.
     * Default: `chartVersion`.
     */
    istioVersion?: pulumi.Input<string>;
    /** Whether gateways write the audit log: the mesh has the extension provider `mesh-egress-audit`. Default: false. */
    auditLog?: pulumi.Input<boolean>;
    /**
     * Share of their calls that gateways trace, in percent: the mesh has the extension provider `mesh-egress-tracing`, and is of Istio 1.30 or
     * later. Default: 0, none.
     */
    tracingPercent?: pulumi.Input<number>;
}

/** The egress gateway of the managed Istio add-on, which AKS runs; an `AksCluster` with `addon` has it. */
export interface AddonGateway {
    /** Pool of gateway nodes that it leaves through. Default: `egress`, that of an `AksCluster`. */
    nodePool?: string;
    /** Id of the public prefix that it leaves from: an `EgressNetwork`'s `egressPrefixId`. */
    egressPrefixId: pulumi.Input<string>;
    /** Ranges that it reaches without leaving: the network's own. Default: the private ranges of RFC 1918. */
    excludedRanges?: string[];
}

/** Options of a gateway wherever it is made. */
export interface EgressGatewaySettings extends EgressGatewayOptions {
    /** The add-on's own gateway instead of one from Istio's chart. Default: none, from the chart. */
    addon?: AddonGateway;
    /** Seconds to wait for the gateway to be ready. Default: 300. */
    timeoutSeconds?: pulumi.Input<number>;
}

export interface EgressGatewayArgs extends EgressGatewaySettings {
    /** The mesh: a `ServiceMesh`, or the facts of one you already have. */
    mesh: MeshReference;
}

/**
 * The one door out of the mesh: a gateway that only takes calls over the mesh's own mutual TLS, and until a route
 * allows a caller, refuses everyone.
 */
export class EgressGateway extends pulumi.ComponentResource {
    /** Name of the gateway's service and of its Istio `Gateway`; known once both are there. */
    public readonly gatewayName: pulumi.Output<string>;
    /** Namespace of the gateway, where credentials and routes go. */
    public readonly namespace: pulumi.Output<string>;
    /** Trust domain of the callers' identities. */
    public readonly trustDomain: pulumi.Output<string>;
    /** Whether the gateway also accepts calls in plaintext. */
    public readonly plaintextPort: pulumi.Output<boolean>;
    /** Names of the credentials whose files are mounted into the gateway. */
    public readonly mountedCredentials: pulumi.Output<string[]>;
    /** Version of Istio, for routes with wildcard hosts; empty where it is not known. */
    public readonly istioVersion: pulumi.Output<string>;
    /** IP families of its pods, for routes with wildcard hosts. */
    public readonly ipFamilies: pulumi.Output<string>;

    constructor(name: string, args: EgressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressGateway", name, args);
        const settings = gatewaySettings(args);
        const facts = { ...args.mesh };
        const mesh = validated<{ namespace: string }>("EgressGateway", name, { namespace: facts.namespace }, (known) =>
            validateGateway({ ...settings, meshNamespace: known.namespace }),
        );
        // Before the mesh's namespace is known, everything else can be judged already.
        assertValid("EgressGateway", name, validateGateway({ ...settings, meshNamespace: "" }));
        assertValid("EgressGateway", name, claimGateway(gateways.of(opts), settings));
        super("mesh-egress:index:EgressGateway", name, args, opts);

        const meshNamespace = mesh.namespace;
        const ownNamespace = meshNamespace.apply(() => settings.namespace);
        const namespace =
            args.createNamespace === false || args.addon
                ? ownNamespace
                : new Namespace(`${name}-namespace`, { metadata: { name: ownNamespace } }, { parent: this }).metadata
                      .name;
        const gatewayPods = args.addon
            ? addonGateway(name, this, { ...settings, namespace }, args.addon)
            : chartGateway(name, this, { ...settings, namespace, meshNamespace }, args);
        const objects = gatewayObjects(settings);
        const shared = { parent: this, dependsOn: gatewayPods };
        const gateway = istioObject(`${name}-gateway`, "Gateway", objects.gateway, shared);
        const telemetry = pulumi
            .output({
                auditLog: facts.auditLog,
                tracingPercent: facts.tracingPercent,
                istioVersion: facts.istioVersion ?? facts.chartVersion,
                revision: facts.revision,
            })
            .apply(({ auditLog = false, tracingPercent = 0, istioVersion, revision = "" }) =>
                gatewayTelemetry(settings, { auditLog, tracingPercent, istioVersion: istioVersion || revision }),
            );
        const others = [
            istioObject(`${name}-destination-rule`, "DestinationRule", objects.destinationRule, shared),
            istioObject(`${name}-tls-by-default`, "DestinationRule", objects.tlsByDefault, shared),
            istioObject(`${name}-cluster-as-usual`, "DestinationRule", objects.clusterAsUsual, shared),
            istioObject(`${name}-deny-by-default`, "AuthorizationPolicy", objects.denyByDefault, shared),
            istioObject(`${name}-telemetry`, "Telemetry", telemetry, shared),
        ];

        // Read from the objects, so that whatever uses the gateway waits for all of them.
        const place = pulumi.all([gateway.metadata, ...others.map(({ metadata }) => metadata)]);
        this.gatewayName = place.apply(([metadata]) => metadata.name);
        this.namespace = place.apply(([metadata]) => metadata.namespace);
        this.trustDomain = pulumi.output(facts.trustDomain);
        this.plaintextPort = pulumi.output(settings.plaintextPort ?? false);
        this.mountedCredentials = pulumi.output(settings.mountedCredentials ?? []);
        this.istioVersion = pulumi.output(facts.istioVersion ?? facts.chartVersion ?? "").apply((known) => known ?? "");
        this.ipFamilies = pulumi.output(args.ipFamilies ?? IpFamilies.Ipv4);
        this.registerOutputs();
    }
}

type Placed<T, K extends keyof T> = Omit<T, K> & Record<K, pulumi.Input<string>>;

/** The gateway's pods, from Istio's chart. */
function chartGateway(
    name: string,
    parent: pulumi.Resource,
    settings: Placed<ResolvedGateway, "namespace" | "meshNamespace">,
    { mesh, timeoutSeconds = 300 }: EgressGatewayArgs,
): pulumi.Resource {
    return new Release(
        `${name}-release`,
        {
            name: settings.name,
            namespace: settings.namespace,
            chart: mesh.gatewayChart,
            version: pulumi.output(mesh.chartVersion).apply(orUndefined),
            repositoryOpts: { repo: pulumi.output(mesh.chartRepository).apply(orUndefined) },
            values: pulumi.output({ ...settings, revision: mesh.revision }).apply(gatewayValues),
            timeout: timeoutSeconds,
        },
        { parent },
    );
}

/** Where the pods that AKS runs leave from. */
function addonGateway(
    name: string,
    parent: pulumi.Resource,
    { name: gatewayName, namespace }: { name: string; namespace: pulumi.Input<string> },
    { nodePool = "egress", egressPrefixId, excludedRanges = PRIVATE_RANGES }: AddonGateway,
): pulumi.Resource {
    const { metadata, spec } = pulumi
        .output({ namespace, egressPrefixId })
        .apply((known) =>
            gatewayConfiguration(
                { name: gatewayName, namespace: known.namespace },
                { nodePool, egressPrefixId: known.egressPrefixId, excludedRanges },
            ),
        );
    return new CustomResource(`${name}-exit`, { ...GATEWAY_CONFIGURATION, metadata, spec }, { parent });
}

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

function orUndefined(text: string | undefined): string {
    // An absent chart version or repository is undefined to Helm, although the input's type has no room for it.
    return (text === "" ? undefined : text) as string;
}

/**
 * The settings with their defaults, as `plan/` takes them; without what only the mesh knows. `isAddon` tells that AKS runs
 * the gateway, where the add-on's own settings are not known yet.
 */
export function gatewaySettings(
    args: EgressGatewaySettings,
    isAddon = args.addon !== undefined,
): Omit<ResolvedGateway, "meshNamespace"> {
    const minReplicas = args.minReplicas ?? 2;
    return {
        name: args.gatewayName ?? "egress-gateway",
        namespace: args.namespace ?? (isAddon ? ADDON_GATEWAY_NAMESPACE : "istio-egress"),
        minReplicas,
        maxReplicas: args.maxReplicas ?? minReplicas,
        plaintextPort: args.plaintextPort,
        mountedCredentials: args.mountedCredentials,
        nodeSelector: args.nodeSelector,
        tolerations: args.tolerations,
        resources: args.resources,
        workers: args.workers,
        addonSettings: isAddon ? givenSettings(args) : undefined,
    };
}
