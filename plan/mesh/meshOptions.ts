import { AuditLogOptions } from "../observability/auditLog";
import { TracingOptions } from "../observability/tracing";
import { MeshFlavour } from "./meshFlavour";

/** Where Istio's Helm charts come from. */
export interface IstioCharts {
    /**
     * URL of a Helm repository with Istio's charts, for example your mirror. Default: Istio's own,
     * `https://blob.istio.io/istio-release/charts`, unless a chart below is given. Istio's former places are refused.
     *
     * @example "https://charts.example/istio"
     */
    repository?: string;
    /** The `base` chart: its name in the repository, a folder (beginning with `.` or `/`), or `oci://...`. Default: `base`. */
    base?: string;
    /**
     * The `istiod` chart, in the same forms. Default: `istiod`.
     *
     * @example "oci://registry.example/istio/istiod:1.31.0"
     */
    istiod?: string;
    /** The `gateway` chart, in the same forms. Default: `gateway`. */
    gateway?: string;
}

/** Options of a mesh that are plain values. */
export interface ServiceMeshOptions {
    /** Who installs and upgrades the control plane. Default: `Istio`. */
    flavour?: MeshFlavour;
    /** Source of Istio's charts; refused with the flavour `AksAddon`. Default: Istio's own Helm repository. */
    charts?: IstioCharts;
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
    /**
     * Audit log of the mesh's egress gateways, instead of the mesh's access log: one JSON line a call with the caller's identity and the
     * certificates, without queries and headers. Default: none, and gateways write the mesh's access log.
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
     * Share of their calls that sidecars log, as a whole percentage from 0 to 100. 0 switches their logs off; in between, failed calls are
     * logged whatever the share. Egress gateways always log each call. Default: 100.
     */
    sidecarLogPercent?: number;
}
