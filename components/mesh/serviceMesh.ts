import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import {
    OUTBOUND_TRAFFIC_POLICY,
    IstioChart,
    MeshRequest,
    baseValues,
    chartReference,
    chartRepository,
    istiodValues,
    refuseMesh,
} from "../../plan/mesh";
import { refuse } from "../refuse";

/** Where Istio's Helm charts come from. */
export interface IstioCharts {
    /**
     * URL of the Helm repository with Istio's charts, or of your mirror of it. Not needed when every chart below is a
     * folder or an `oci://` reference.
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
    /** Where Istio's charts come from. */
    charts: IstioCharts;
    /** Version of the charts, for example `1.31.0`. Default: the newest of the repository; pin it outside of trials. */
    version?: pulumi.Input<string>;
    /** Namespace of istiod, and so the mesh's root namespace. Created here. Default: `istio-system`. */
    namespace?: string;
    /** Trust domain of the mesh's identities: `spiffe://<trust domain>/ns/<namespace>/sa/<account>`. Default: `cluster.local`. */
    trustDomain?: string;
    /** Registry and path of Istio's images, for example your mirror. Default: the charts' own. */
    hub?: string;
    /** Tag of Istio's images. Default: the charts' own. */
    tag?: string;
    /** Revision of this control plane, for canary upgrades. Default: none. */
    revision?: string;
    /**
     * Further values of the `istiod` chart. What the egress gateway relies on (outbound policy, access log, DNS capture,
     * probe rewriting, trust domain) cannot be changed here, and key material is refused.
     */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the analyzer knows `any`, not `unknown`
    values?: Record<string, any>;
    /** Seconds to wait for istiod to be ready. Default: 300. */
    timeoutSeconds?: pulumi.Input<number>;
}

/**
 * Istio's control plane, set up so that undeclared hosts are refused (`REGISTRY_ONLY`), every call is in the access log
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
    /** The `gateway` chart that goes with this control plane. */
    public readonly gatewayChart: pulumi.Output<string>;
    /** Repository of that chart; empty when it is a folder or an `oci://` reference. */
    public readonly chartRepository: pulumi.Output<string>;
    /** Version of the charts; empty for the newest. */
    public readonly chartVersion: pulumi.Output<string>;

    constructor(name: string, args: ServiceMeshArgs, opts?: pulumi.ComponentResourceOptions) {
        const request = meshRequest(args);
        refuse("ServiceMesh", name, refuseMesh(request));
        super("mesh-egress:index:ServiceMesh", name, args, opts);

        const namespace = new Namespace(
            `${name}-namespace`,
            { metadata: { name: request.namespace, labels: { "istio-injection": "disabled" } } },
            { parent: this },
        );
        const release = {
            namespace: namespace.metadata.name,
            version: args.version,
            timeout: args.timeoutSeconds ?? 300,
        };
        const base = new Release(
            `${name}-base`,
            { ...release, ...chartArgs(args.charts, "base"), name: "istio-base", values: baseValues(request) },
            { parent: this },
        );
        const istiod = new Release(
            `${name}-istiod`,
            { ...release, ...chartArgs(args.charts, "istiod"), name: "istiod", values: istiodValues(request) },
            // The charts of one mesh are released one after the other: istiod needs the CRDs that base brings.
            { parent: this, dependsOn: base },
        );

        this.namespace = istiod.namespace;
        this.trustDomain = pulumi.output(request.trustDomain);
        this.outboundTrafficPolicy = pulumi.output(OUTBOUND_TRAFFIC_POLICY);
        this.revision = pulumi.output(request.revision ?? "");
        this.gatewayChart = pulumi.output(chartReference(args.charts, "gateway"));
        this.chartRepository = pulumi.output(chartRepository(args.charts, "gateway") ?? "");
        this.chartVersion = pulumi.output(args.version ?? "");
        this.registerOutputs();
    }
}

function chartArgs(charts: IstioCharts, chart: IstioChart) {
    const repo = chartRepository(charts, chart);
    return { chart: chartReference(charts, chart), ...(repo && { repositoryOpts: { repo } }) };
}

/** The arguments with their defaults, as `plan/` takes them. */
export function meshRequest(args: ServiceMeshArgs): MeshRequest {
    return {
        charts: args.charts,
        namespace: args.namespace ?? "istio-system",
        trustDomain: args.trustDomain ?? "cluster.local",
        hub: args.hub,
        tag: args.tag,
        revision: args.revision,
        values: args.values,
    };
}
