import * as pulumi from "@pulumi/pulumi";
import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import {
    OUTBOUND_TRAFFIC_POLICY,
    IstioChart,
    MeshOptions,
    addonMeshConfig,
    baseValues,
    chartReference,
    chartVersionOf,
    chartRepository,
    chartsOf,
    imagesOf,
    istiodValues,
    validateMesh,
} from "../../plan/mesh/mesh";
import { validateMeshVersion } from "../../plan/mesh/istioVersion";
import { ADDON_NAMESPACE, sharedConfigName } from "../../plan/mesh/meshAddon";
import { istiodEgress, registryOnlySidecar } from "../../plan/mesh/rootObjects";
import { istioObject } from "../internal/istioObject";
import { assertValid } from "../internal/validation";
import { MeshFlavour } from "../../plan/mesh/meshFlavour";
import { checkedArguments } from "../internal/checkedArguments";

/** Where Istio's Helm charts come from. */
export interface IstioCharts {
    /**
     * URL of a Helm repository with Istio's charts, for example your mirror. Default: Istio's own,
     * `https://blob.istio.io/istio-release/charts`, unless a chart below is given. Istio's former places are refused.
     */
    repository?: string;
    /** The `base` chart: its name in the repository, a folder (beginning with `.` or `/`), or `oci://...`. Default: `base`. */
    base?: string;
    /** The `istiod` chart, in the same forms. Default: `istiod`. */
    istiod?: string;
    /** The `gateway` chart, in the same forms. Default: `gateway`. */
    gateway?: string;
}

export interface ServiceMeshArgs {
    /** Who installs and upgrades the control plane. Default: `Istio`. */
    flavour?: MeshFlavour;
    /** Source of Istio's charts; refused with the flavour `AksAddon`. Default: Istio's own Helm repository. */
    charts?: IstioCharts;
    /**
     * Version of the charts. Default: `1.31.0`, which this package is tested with, so that no preview upgrades Istio by
     * itself; none where all charts are folders or `oci://` references with a tag, which say their version themselves.
     */
    version?: pulumi.Input<string>;
    /**
     * Namespace of istiod, and so the mesh's root namespace. Created here. Default: `istio-system`; with `AksAddon` it is
     * always `aks-istio-system`.
     */
    namespace?: string;
    /** Trust domain of the mesh's identities: `spiffe://<trust domain>/ns/<namespace>/sa/<account>`. Default: `cluster.local`. */
    trustDomain?: string;
    /** Registry and path of Istio's images, for example your mirror. Default: `docker.io/istio` with Istio's own charts, else the charts' own. */
    hub?: string;
    /** Tag of Istio's images. Default: the charts' own. */
    tag?: string;
    /** Revision of this control plane, for canary upgrades; required with `AksAddon`, as in `asm-1-30`. Default: none. */
    revision?: string;
    /**
     * Further values of the `istiod` chart; the add-on takes some fields of `meshConfig` only. Sizes, placement, labels, timeouts, tracing and
     * metrics can be set, and each is checked for its type. Whatever could take back what the egress gateway relies on is refused, and so is
     * key material.
     *
     * @example { meshConfig: { connectTimeout: "5s" }, resources: { requests: { cpu: "200m" } } }
     */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the analyzer knows `any`, not `unknown`
    values?: Record<string, any>;
    /**
     * Address ranges in CIDR notation that istiod may call for the `jwksUri` of a RequestAuthentication. Without it nobody can make istiod call
     * an address for them. With the flavour `AksAddon` it cannot be set. Default: none.
     *
     * @example ["203.0.113.0/24"]
     */
    jwksRanges?: string[];
    /**
     * Address ranges in CIDR notation of the Kubernetes API server. When they are given, a NetworkPolicy lets istiod call these, DNS and
     * `jwksRanges`, and nothing else. With the flavour `AksAddon` it cannot be set. Default: none, and istiod's calls are not limited.
     *
     * @example ["10.20.0.4/32"]
     */
    apiServerRanges?: string[];
    /** Seconds to wait for istiod to be ready. Default: 300. */
    timeoutSeconds?: pulumi.Input<number>;
}

/**
 * Istio's control plane, from its charts or as AKS runs it, set up so that undeclared hosts are refused (`REGISTRY_ONLY`), every call is in the access log
 * on standard output, and hosts of a ServiceEntry resolve inside pods.
 */
export class ServiceMesh extends pulumi.ComponentResource {
    /** The mesh's root namespace; known once istiod is ready. */
    public readonly namespace: pulumi.Output<string>;
    /** Trust domain of the mesh's identities. */
    public readonly trustDomain: pulumi.Output<string>;
    /** What the mesh does with hosts that nobody declared: `REGISTRY_ONLY`, it refuses them. */
    public readonly outboundTrafficPolicy: pulumi.Output<string>;
    /** Revision of the control plane; empty for the default one. */
    public readonly revision: pulumi.Output<string>;
    /** The `gateway` chart that goes with this control plane; empty with the add-on, which has a gateway of its own. */
    public readonly gatewayChart: pulumi.Output<string>;
    /** Repository of that chart; empty when it is a folder or an `oci://` reference. */
    public readonly chartRepository: pulumi.Output<string>;
    /** Version of the charts; empty where their folder or reference says it. */
    public readonly chartVersion: pulumi.Output<string>;

    constructor(name: string, args: ServiceMeshArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("ServiceMesh", name, args);
        const request = meshOptions(args);
        assertValid("ServiceMesh", name, validateMesh(request));
        const version = request.addon ? undefined : chartVersionOf(args.charts, args.version);
        super("mesh-egress:index:ServiceMesh", name, args, opts);

        this.namespace = request.addon
            ? addonConfig(name, this, request)
            : controlPlane(name, this, request, args, version);
        this.trustDomain = pulumi.output(request.trustDomain);
        this.outboundTrafficPolicy = pulumi.output(OUTBOUND_TRAFFIC_POLICY);
        this.revision = pulumi.output(request.revision ?? "");
        this.gatewayChart = pulumi.output(request.addon ? "" : chartReference(request.charts, "gateway"));
        this.chartRepository = pulumi.output(chartRepository(request.charts, "gateway") ?? "");
        this.chartVersion = pulumi.output(version ?? "");
        this.registerOutputs();
    }
}

/** Istio's own charts; gives the namespace of the control plane once that is ready. */
function controlPlane(
    name: string,
    parent: pulumi.Resource,
    request: MeshOptions,
    args: ServiceMeshArgs,
    wanted: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
    const namespace = new Namespace(
        `${name}-namespace`,
        { metadata: { name: request.namespace, labels: { "istio-injection": "disabled" } } },
        { parent },
    );
    const version =
        wanted === undefined
            ? undefined
            : pulumi.output(wanted).apply((known) => {
                  assertValid("ServiceMesh", name, validateMeshVersion("version", known));
                  return known;
              });
    const release = { namespace: namespace.metadata.name, version, timeout: args.timeoutSeconds ?? 300 };
    const base = new Release(
        `${name}-base`,
        {
            ...{ ...release, ...chartArgs(request.charts, "base"), name: "istio-base", values: baseValues(request) },
            // Nothing in it runs. Helm would only look whether the CRDs are served, once too early and again two seconds
            // later; istiod, whose chart needs none of them, takes longer, and is waited for.
            skipAwait: true,
        },
        { parent },
    );
    const istiod = new Release(
        `${name}-istiod`,
        { ...release, ...chartArgs(request.charts, "istiod"), name: "istiod", values: istiodValues(request) },
        // The charts of one mesh are released one after the other: istiod needs the CRDs that base brings.
        { parent, dependsOn: base },
    );
    const sidecar = registryOnly(name, parent, request, istiod);
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
    // Whatever uses the mesh waits for what holds even without its MeshConfig.
    return pulumi.all([istiod.namespace, sidecar.urn, ...egress.map(({ urn }) => urn)]).apply(([known]) => known);
}

/** Refuses undeclared hosts in the whole mesh, whatever istiod makes of its MeshConfig. */
function registryOnly(name: string, parent: pulumi.Resource, request: MeshOptions, dependsOn: pulumi.Resource) {
    const object = registryOnlySidecar(request.namespace);
    return istioObject(`${name}-registry-only`, "Sidecar", object, { parent, dependsOn });
}

/** What the add-on merges with its own configuration; gives the namespace of the control plane once it is there. */
function addonConfig(name: string, parent: pulumi.Resource, request: MeshOptions): pulumi.Output<string> {
    const config = new ConfigMap(
        `${name}-config`,
        {
            metadata: { name: sharedConfigName(request.revision ?? ""), namespace: request.namespace },
            // JSON is YAML too.
            data: { mesh: JSON.stringify(addonMeshConfig(request), null, 2) },
        },
        { parent },
    );
    const sidecar = registryOnly(name, parent, request, config);
    return pulumi.all([config.metadata.namespace, sidecar.urn]).apply(([known]) => known);
}

function chartArgs(charts: IstioCharts, chart: IstioChart) {
    const repo = chartRepository(charts, chart);
    return { chart: chartReference(charts, chart), ...(repo && { repositoryOpts: { repo } }) };
}

/** The arguments with their defaults, as `plan/` takes them. */
export function meshOptions(args: ServiceMeshArgs): MeshOptions {
    const addon = args.flavour === MeshFlavour.AksAddon;
    return {
        charts: addon ? (args.charts ?? {}) : chartsOf(args.charts),
        namespace: addon ? ADDON_NAMESPACE : (args.namespace ?? "istio-system"),
        trustDomain: args.trustDomain ?? "cluster.local",
        hub: addon ? args.hub : imagesOf(args.charts, args.hub),
        tag: args.tag,
        revision: args.revision,
        values: args.values,
        version: typeof args.version === "string" ? args.version : undefined,
        jwksRanges: args.jwksRanges,
        apiServerRanges: args.apiServerRanges,
        addon: addon
            ? {
                  ...args,
                  charts: args.charts !== undefined,
                  version: args.version !== undefined,
                  jwksRanges: args.jwksRanges !== undefined,
                  apiServerRanges: args.apiServerRanges !== undefined,
              }
            : undefined,
    };
}
