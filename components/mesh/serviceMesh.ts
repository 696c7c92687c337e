import * as pulumi from "@pulumi/pulumi";
import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import {
    OUTBOUND_TRAFFIC_POLICY,
    IstioChart,
    ResolvedMesh,
    addonMeshConfig,
    baseValues,
    chartReference,
    chartVersionOf,
    chartRepository,
    chartsOf,
    imagesOf,
    istiodRelease,
    istiodValues,
    validateMesh,
} from "../../plan/mesh/mesh";
import { MESH_DEFAULTS, IstioCharts, ServiceMeshOptions } from "../../plan/mesh/meshOptions";
import { validateMeshVersion } from "../../plan/mesh/istioVersion";
import { ADDON_NAMESPACE, sharedConfigName } from "../../plan/mesh/meshAddon";
import { istiodEgress, registryOnlySidecar } from "../../plan/mesh/rootObjects";
import { sidecarLogs } from "../../plan/observability/sidecarLogs";
import { DEFAULT_TRACING_PERCENT } from "../../plan/observability/tracing";
import { istioObject } from "../internal/istioObject";
import { givenSettings } from "../internal/givenSettings";
import { assertValid } from "../internal/validation";
import { MeshFlavour } from "../../plan/mesh/meshFlavour";
import { checkedArguments } from "../internal/checkedArguments";
import { RELEASE_TIMEOUT_SECONDS } from "../internal/releaseTimeout";

export interface ServiceMeshArgs extends ServiceMeshOptions {
    /**
     * Version of the charts. Default: `1.31.0`, with which this package is tested, so that no update upgrades Istio
     * unasked; none if all charts are folders or `oci://` references with a tag.
     *
     * @example "1.31.0"
     */
    version?: pulumi.Input<string>;
    /** Seconds to wait for istiod to be ready. Default: 300. */
    timeoutSeconds?: pulumi.Input<number>;
}

/**
 * Istio's control plane, from its charts or from AKS. Undeclared hosts are refused (`REGISTRY_ONLY`), every call is in
 * the access log on standard output, and hosts of a ServiceEntry resolve inside pods.
 */
export class ServiceMesh extends pulumi.ComponentResource {
    /** The mesh's root namespace. Known once istiod is ready. */
    public readonly namespace: pulumi.Output<string>;
    /** Trust domain of the mesh's identities. */
    public readonly trustDomain: pulumi.Output<string>;
    /** Policy for undeclared hosts: `REGISTRY_ONLY`, they are refused. */
    public readonly outboundTrafficPolicy: pulumi.Output<string>;
    /** Revision of the control plane. Empty for the default one. */
    public readonly revision: pulumi.Output<string>;
    /** The `gateway` chart that matches this control plane. Empty with the add-on, which has its own gateway. */
    public readonly gatewayChart: pulumi.Output<string>;
    /** Repository of that chart. Empty if it is a folder or an `oci://` reference. */
    public readonly chartRepository: pulumi.Output<string>;
    /** Version of the charts. Empty if their folder or reference has it. */
    public readonly chartVersion: pulumi.Output<string>;
    /** Whether egress gateways write the audit log. */
    public readonly auditLog: pulumi.Output<boolean>;
    /** Percentage of calls that egress gateways trace. 0 without `tracing`. */
    public readonly tracingPercent: pulumi.Output<number>;

    constructor(name: string, args: ServiceMeshArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("ServiceMesh", name, args);
        const request = meshOptions(args);
        assertValid("ServiceMesh", name, validateMesh(request));
        const version = request.addonSettings ? undefined : chartVersionOf(args.charts, args.version);
        super("mesh-egress:index:ServiceMesh", name, args, opts);

        this.namespace = request.addonSettings
            ? addonConfig(name, this, request)
            : controlPlane(name, this, request, args, version);
        this.trustDomain = pulumi.output(request.trustDomain);
        this.outboundTrafficPolicy = pulumi.output(OUTBOUND_TRAFFIC_POLICY);
        this.revision = pulumi.output(request.revision ?? "");
        this.gatewayChart = pulumi.output(request.addonSettings ? "" : chartReference(request.charts, "gateway"));
        this.chartRepository = pulumi.output(chartRepository(request.charts, "gateway") ?? "");
        this.chartVersion = pulumi.output(version ?? "");
        this.auditLog = pulumi.output(request.auditLog !== undefined);
        this.tracingPercent = pulumi.output(request.tracing ? (request.tracing.percent ?? DEFAULT_TRACING_PERCENT) : 0);
        this.registerOutputs();
    }
}

/** Installs Istio's own charts. Returns the namespace of the control plane once that is ready. */
function controlPlane(
    name: string,
    parent: pulumi.Resource,
    request: ResolvedMesh,
    args: ServiceMeshArgs,
    wanted: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
    const namespace = request.controlPlaneOnly
        ? pulumi.output(request.namespace)
        : new Namespace(
              `${name}-namespace`,
              { metadata: { name: request.namespace, labels: { "istio-injection": "disabled" } } },
              { parent },
          ).metadata.name;
    const version =
        wanted === undefined
            ? undefined
            : pulumi.output(wanted).apply((known) => {
                  assertValid("ServiceMesh", name, validateMeshVersion("version", known));
                  return known;
              });
    const release = { namespace, version, timeout: args.timeoutSeconds ?? RELEASE_TIMEOUT_SECONDS };
    const base = request.controlPlaneOnly
        ? []
        : [
              new Release(
                  `${name}-base`,
                  {
                      ...{ ...release, ...chartArgs(request.charts, "base"), name: "istio-base" },
                      values: baseValues(request),
                      // The chart has no pods. Helm would only check whether the CRDs are served, once too early and
                      // again two seconds later. istiod, whose chart does not need them, takes longer to start and is
                      // awaited.
                      skipAwait: true,
                  },
                  { parent },
              ),
          ];
    const istiod = new Release(
        `${name}-istiod`,
        {
            ...{ ...release, ...chartArgs(request.charts, "istiod"), name: istiodRelease(request.revision) },
            values: istiodValues(request),
        },
        // The charts of one mesh are released one after the other: istiod needs the CRDs of base.
        { parent, dependsOn: base },
    );
    const objects = request.controlPlaneOnly ? [] : rootObjects(name, parent, request, istiod);
    const egress =
        request.apiServerRanges === undefined
            ? []
            : [
                  new NetworkPolicy(
                      `${name}-istiod-egress`,
                      istiodEgress(request.namespace, request.revision, [
                          ...request.apiServerRanges,
                          ...(request.jwksRanges ?? []),
                      ]),
                      { parent, dependsOn: istiod },
                  ),
              ];
    // Resources that use the mesh wait for the objects that apply even without its MeshConfig.
    return pulumi.all([istiod.namespace, ...[...objects, ...egress].map(({ urn }) => urn)]).apply(([known]) => known);
}

/**
 * Objects for the whole mesh: they refuse undeclared hosts even if istiod cannot read its MeshConfig, and set which
 * calls sidecars log.
 */
function rootObjects(name: string, parent: pulumi.Resource, request: ResolvedMesh, dependsOn: pulumi.Resource) {
    const opts = { parent, dependsOn };
    const logs = sidecarLogs(request.namespace, request.sidecarLogPercent);
    return [
        istioObject(`${name}-registry-only`, "Sidecar", registryOnlySidecar(request.namespace), opts),
        ...(logs ? [istioObject(`${name}-sidecar-logs`, "Telemetry", logs, opts)] : []),
    ];
}

/**
 * Creates the configuration that the add-on merges into its own. Returns the namespace of the control plane once it
 * exists.
 */
function addonConfig(name: string, parent: pulumi.Resource, request: ResolvedMesh): pulumi.Output<string> {
    const config = new ConfigMap(
        `${name}-config`,
        {
            metadata: { name: sharedConfigName(request.revision ?? ""), namespace: request.namespace },
            // JSON is also YAML.
            data: { mesh: JSON.stringify(addonMeshConfig(request), null, 2) },
        },
        { parent },
    );
    const objects = rootObjects(name, parent, request, config);
    return pulumi.all([config.metadata.namespace, ...objects.map(({ urn }) => urn)]).apply(([known]) => known);
}

function chartArgs(charts: IstioCharts, chart: IstioChart) {
    const repo = chartRepository(charts, chart);
    return { chart: chartReference(charts, chart), ...(repo && { repositoryOpts: { repo } }) };
}

/** The arguments with their defaults, in the form of `plan/`. */
export function meshOptions(args: ServiceMeshArgs): ResolvedMesh {
    const addon = args.flavour === MeshFlavour.AksAddon;
    return {
        charts: addon ? (args.charts ?? {}) : chartsOf(args.charts),
        namespace: addon ? ADDON_NAMESPACE : (args.namespace ?? MESH_DEFAULTS.namespace),
        trustDomain: args.trustDomain ?? MESH_DEFAULTS.trustDomain,
        hub: addon ? args.hub : imagesOf(args.charts, args.hub),
        tag: args.tag,
        revision: args.revision,
        controlPlaneOnly: args.controlPlaneOnly,
        values: args.values,
        version: typeof args.version === "string" ? args.version : undefined,
        jwksRanges: args.jwksRanges,
        apiServerRanges: args.apiServerRanges,
        auditLog: args.auditLog,
        tracing: args.tracing,
        sidecarLogPercent: args.sidecarLogPercent,
        addonSettings: addon ? givenSettings(args) : undefined,
    };
}
