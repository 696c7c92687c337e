import { AuditLogOptions } from "../observability/auditLog";
import { TracingOptions } from "../observability/tracing";
import { MeshFlavour } from "./meshFlavour";

/** Source of Istio's Helm charts. */
export interface IstioCharts {
    /**
     * URL of a Helm repository with Istio's charts, for example your mirror. Istio's former repositories are refused.
     * Default: Istio's own, `https://blob.istio.io/istio-release/charts`, unless a chart below is given.
     *
     * @example "https://charts.example/istio"
     */
    repository?: string;
    /**
     * The `base` chart: its name in the repository, a folder (starting with `.` or `/`), or an `oci://` reference.
     * Default: `base`.
     *
     * @example "./charts/base"
     */
    base?: string;
    /**
     * The `istiod` chart, in the same forms. Default: `istiod`.
     *
     * @example "oci://registry.example/istio/istiod:1.31.0"
     */
    istiod?: string;
    /**
     * The `gateway` chart, in the same forms. Default: `gateway`.
     *
     * @example "oci://registry.example/istio/gateway:1.31.0"
     */
    gateway?: string;
}

/** Options of a mesh that are plain values. */
export interface ServiceMeshOptions {
    /** Installer of the control plane. Default: `istio`. */
    flavour?: MeshFlavour;
    /**
     * Source of Istio's charts. Refused with the flavour `aksAddon`. Default: Istio's own Helm repository.
     *
     * @example { repository: "https://charts.example/istio" }
     */
    charts?: IstioCharts;
    /**
     * Namespace of istiod, and so the mesh's root namespace. The component creates it. With the flavour `aksAddon` it
     * is always `aks-istio-system`. Default: `istio-system`.
     */
    namespace?: string;
    /**
     * Trust domain of the mesh's identities: `spiffe://<trust domain>/ns/<namespace>/sa/<account>`. Default: `cluster.local`.
     *
     * @example "cluster.local"
     */
    trustDomain?: string;
    /**
     * Registry and path of Istio's images, for example your mirror. Default: `docker.io/istio` with Istio's own charts,
     * else the charts' value.
     *
     * @example "registry.example/istio"
     */
    hub?: string;
    /**
     * Tag of Istio's images. Default: the charts' value.
     *
     * @example "1.31.0"
     */
    tag?: string;
    /**
     * Revision of this control plane, for canary upgrades. Required with the flavour `aksAddon`, such as `asm-1-30`.
     * Default: none.
     *
     * @example "canary"
     */
    revision?: string;
    /**
     * Whether to install istiod alone, as a second control plane with another `revision` next to the first, for an
     * upgrade. The first `ServiceMesh` keeps what a mesh has once: the namespace, Istio's CRDs and the objects for the
     * whole mesh. Make this one depend on it. Default: false.
     */
    controlPlaneOnly?: boolean;
    /**
     * More values of the `istiod` chart. With the add-on, only some fields of `meshConfig`. Sizes, placement, labels,
     * timeouts, tracing and metrics can be set, and their types are checked. Values that could weaken the egress
     * gateway's guarantees are refused, and so is key material. Default: none.
     *
     * @example { meshConfig: { connectTimeout: "5s" }, resources: { requests: { cpu: "200m" } } }
     */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the analyzer knows `any`, not `unknown`
    values?: Record<string, any>;
    /**
     * Address ranges, in CIDR notation, that istiod may call for the `jwksUri` of a RequestAuthentication. Refused with
     * the flavour `aksAddon`. Default: none; istiod calls no address for a RequestAuthentication.
     *
     * @example ["203.0.113.0/24"]
     */
    jwksRanges?: string[];
    /**
     * Address ranges, in CIDR notation, of the Kubernetes API server. If set, a NetworkPolicy lets istiod call only
     * these, DNS and `jwksRanges`. Refused with the flavour `aksAddon`. Default: none; istiod's calls are not
     * restricted.
     *
     * @example ["10.20.0.4/32"]
     */
    apiServerRanges?: string[];
    /**
     * Audit log of the mesh's egress gateways, instead of the mesh's access log: one JSON line per call, with the
     * caller's identity and the certificates, without queries and headers. Default: none; gateways write the mesh's
     * access log.
     *
     * @example { fields: ["time", "caller", "host", "method", "path", "status"] }
     */
    auditLog?: AuditLogOptions;
    /**
     * Traces of the mesh's egress gateways, sent to an OpenTelemetry collector; needs Istio 1.30 or later. Partners never see them. Default: none.
     *
     * @example { collector: { service: "otel-collector.monitoring.svc.cluster.local" }, percent: 5 }
     */
    tracing?: TracingOptions;
    /**
     * Percentage of calls that sidecars log, a whole number from 0 to 100. With 0, they log nothing. From 1 on, failed
     * calls are always logged. Egress gateways always log every call. Default: 100.
     */
    sidecarLogPercent?: number;
}

/** What applies where an option is left out. The add-on has a namespace of its own. */
export const MESH_DEFAULTS = {
    namespace: "istio-system",
    trustDomain: "cluster.local",
} as const satisfies ServiceMeshOptions;
