import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import { ResolvedGateway, claimGateway, gatewayObjects, gatewayValues, validateGateway } from "../../plan/mesh/gateway";
import { EgressGatewayOptions, GATEWAY_DEFAULTS } from "../../plan/mesh/gatewayOptions";
import { GatewayChart, gatewayChartVersion, validateGatewayChart } from "../../plan/mesh/gatewayChart";
import { IpFamilies } from "../../plan/mesh/ipFamilies";
import {
    ADDON_GATEWAY_NAMESPACE,
    GATEWAY_CONFIGURATION,
    PREFIX_MINUTES,
    gatewayConfiguration,
} from "../../plan/mesh/meshAddon";
import { gatewayTelemetry } from "../../plan/observability/gatewayTelemetry";
import { istioObject } from "../internal/istioObject";
import { ClusterClaims } from "../internal/clusterClaims";
import { givenSettings } from "../internal/givenSettings";
import { validated, assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";
import { RELEASE_TIMEOUT_SECONDS } from "../internal/releaseTimeout";

/** Namespace of each gateway, by name. */
const gateways = new ClusterClaims(() => new Map<string, string>());

/** The mesh of a gateway: a `ServiceMesh`, or the fields of an existing mesh. */
export interface MeshReference {
    /** The mesh's root namespace, where istiod is. */
    namespace: pulumi.Input<string>;
    /**
     * Trust domain of the mesh's identities.
     *
     * @example "cluster.local"
     */
    trustDomain: pulumi.Input<string>;
    /** Revision of the control plane. Empty for the default one. Default: empty. */
    revision?: pulumi.Input<string>;
    /** Istio's `gateway` chart: a name in the repository, a folder or an `oci://` reference. */
    gatewayChart: pulumi.Input<string>;
    /**
     * Repository of that chart. Empty for a folder or an `oci://` reference. Default: empty.
     *
     * @example "https://charts.example/istio"
     */
    chartRepository?: pulumi.Input<string>;
    /**
     * Version of that chart. Default: 1.31.0, the tested one; for a folder or an `oci://` reference with a tag, its own.
     *
     * @example "1.31.0"
     */
    chartVersion?: pulumi.Input<string>;
    /**
     * Version of Istio, if `chartVersion` does not have it, as for a folder. Wildcard hosts need it. Default:
     * `chartVersion`.
     *
     * @example "1.31.0"
     */
    istioVersion?: pulumi.Input<string>;
    /**
     * Whether gateways write the audit log. Needs the extension provider `mesh-egress-audit` in the mesh. Default:
     * false.
     */
    auditLog?: pulumi.Input<boolean>;
    /**
     * Percentage of calls that gateways trace. Needs the extension provider `mesh-egress-tracing` in the mesh, and
     * Istio 1.30 or later. Default: 0.
     */
    tracingPercent?: pulumi.Input<number>;
}

/** The egress gateway of the managed Istio add-on, which AKS runs. An `AksCluster` with `addon` has it. */
export interface AddonGateway {
    /**
     * Name of the gateway node pool through which its traffic leaves. Default: `egress`, the egress pool of an
     * `AksCluster`.
     */
    nodePool?: string;
    /** Id of the public prefix of its egress traffic: `egressPrefixId` of an `EgressNetwork`. */
    egressPrefixId: pulumi.Input<string>;
    /**
     * Address ranges inside the network, which it calls directly, in CIDR notation. Default: the private ranges of RFC
     * 1918.
     *
     * @example ["10.0.0.0/8"]
     */
    excludedRanges?: string[];
}

/** Options of a gateway that do not depend on its mesh. */
export interface EgressGatewaySettings extends EgressGatewayOptions {
    /**
     * The add-on's own gateway instead of one from Istio's chart. Default: none; the gateway is from the chart.
     *
     * @example { egressPrefixId }
     */
    addon?: AddonGateway;
    /** Seconds to wait for the gateway to be ready. Default: 300. */
    timeoutSeconds?: pulumi.Input<number>;
}

export interface EgressGatewayArgs extends EgressGatewaySettings {
    /** The mesh: a `ServiceMesh`, or the fields of an existing one. */
    mesh: MeshReference;
}

/**
 * The egress gateway of the mesh. It accepts calls only over the mesh's own mutual TLS, and refuses every caller until
 * a route allows it.
 */
export class EgressGateway extends pulumi.ComponentResource {
    /** Name of the gateway's service and of its Istio `Gateway`. Known once both exist. */
    public readonly gatewayName: pulumi.Output<string>;
    /** Namespace of the gateway, where credentials and routes go. */
    public readonly namespace: pulumi.Output<string>;
    /** Trust domain of the callers' identities. */
    public readonly trustDomain: pulumi.Output<string>;
    /** Whether the gateway also accepts calls in plaintext. */
    public readonly plaintextPort: pulumi.Output<boolean>;
    /** Names of the credentials that are mounted into the gateway as files. */
    public readonly mountedCredentials: pulumi.Output<string[]>;
    /** Version of Istio, for routes with wildcard hosts. Empty if it is not known. */
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
        // Everything else can be checked before the mesh's namespace is known.
        assertValid("EgressGateway", name, validateGateway({ ...settings, meshNamespace: "" }));
        assertValid("EgressGateway", name, claimGateway(gateways.of(opts), settings));
        const { gatewayChart, chartRepository } = facts;
        const source = validated<GatewayChart>(
            "EgressGateway",
            name,
            { gatewayChart, chartRepository },
            validateGatewayChart,
        );
        super("mesh-egress:index:EgressGateway", name, args, opts);

        const meshNamespace = mesh.namespace;
        const ownNamespace = meshNamespace.apply(() => settings.namespace);
        const chartVersion = pulumi
            .all([source, facts.chartVersion])
            .apply(([chart, version]) => gatewayChartVersion(chart.gatewayChart, version));
        const namespace =
            args.createNamespace === false || args.addon
                ? ownNamespace
                : new Namespace(`${name}-namespace`, { metadata: { name: ownNamespace } }, { parent: this }).metadata
                      .name;
        const gatewayPods = args.addon
            ? addonGateway(name, this, { ...settings, namespace }, args.addon)
            : chartGateway(name, this, { ...settings, namespace, meshNamespace }, { ...args, source, chartVersion });
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

        // Read from the objects, so that resources that use the gateway wait for all of them.
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
    {
        mesh,
        source,
        chartVersion,
        timeoutSeconds = RELEASE_TIMEOUT_SECONDS,
    }: EgressGatewayArgs & { source: pulumi.Output<GatewayChart>; chartVersion: pulumi.Output<string | undefined> },
): pulumi.Resource {
    return new Release(
        `${name}-release`,
        {
            name: settings.name,
            namespace: settings.namespace,
            chart: source.gatewayChart,
            // The engine leaves out what is undefined.
            version: chartVersion as pulumi.Output<string>,
            repositoryOpts: { repo: source.apply(({ chartRepository }) => orUndefined(chartRepository)) },
            values: pulumi.output({ ...settings, revision: mesh.revision }).apply(gatewayValues),
            timeout: timeoutSeconds,
        },
        { parent },
    );
}

/** Egress nodes and addresses of the pods that AKS runs. */
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
    const minutes = `${PREFIX_MINUTES}m`;
    return new CustomResource(
        `${name}-exit`,
        { ...GATEWAY_CONFIGURATION, metadata, spec },
        { parent, customTimeouts: { create: minutes, update: minutes } },
    );
}

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

function orUndefined(text: string | undefined): string {
    // An absent chart version or repository is undefined for Helm, although the input's type does not allow it.
    return (text === "" ? undefined : text) as string;
}

/**
 * The settings with their defaults, in the form of `plan/`, without those that depend on the mesh. `isAddon` is true if
 * AKS runs the gateway, even if the add-on's own settings are not known yet.
 */
export function gatewaySettings(
    args: EgressGatewaySettings,
    isAddon = args.addon !== undefined,
): Omit<ResolvedGateway, "meshNamespace"> {
    const minReplicas = args.minReplicas ?? GATEWAY_DEFAULTS.minReplicas;
    return {
        name: args.gatewayName ?? GATEWAY_DEFAULTS.gatewayName,
        namespace: args.namespace ?? (isAddon ? ADDON_GATEWAY_NAMESPACE : GATEWAY_DEFAULTS.namespace),
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
