/** Keys that istiod or an application may set without weakening the sidecar: names, log levels, resources, probes. */
const HARMLESS = [
    "istio.io/rev",
    "prometheus.istio.io/merge-metrics",
    "readiness.status.sidecar.istio.io/applicationPorts",
    "readiness.status.sidecar.istio.io/failureThreshold",
    "readiness.status.sidecar.istio.io/initialDelaySeconds",
    "readiness.status.sidecar.istio.io/periodSeconds",
    "security.istio.io/tlsMode",
    "service.istio.io/canonical-name",
    "service.istio.io/canonical-revision",
    "service.istio.io/workload-name",
    "sidecar.istio.io/agentLogLevel",
    "sidecar.istio.io/componentLogLevel",
    "sidecar.istio.io/logLevel",
    "sidecar.istio.io/nativeSidecar",
    "sidecar.istio.io/proxyCPU",
    "sidecar.istio.io/proxyCPULimit",
    "sidecar.istio.io/proxyMemory",
    "sidecar.istio.io/proxyMemoryLimit",
    "sidecar.istio.io/rewriteAppHTTPProbers",
    "topology.istio.io/cluster",
    "topology.istio.io/locality",
    "topology.istio.io/network",
    "topology.istio.io/subzone",
];

/** Istio copies some values into the pod unescaped. A value without spaces and line breaks cannot add fields. */
const ONE_WORD = "^[A-Za-z0-9._:,/-]*$";

/**
 * Istio's labels and annotations that a locked pod may have, each with a regular expression for its value. All others
 * are refused, including those of later Istio versions: most of them exclude traffic from the sidecar or change the
 * sidecar.
 */
export const ALLOWED_ISTIO_KEYS: Record<string, string> = {
    ...Object.fromEntries(HARMLESS.map((key) => [key, ONE_WORD])),
    "sidecar.istio.io/inject": "^true$",
    // With the CNI plugin, istiod adds to every pod the annotations that redirect all traffic.
    "sidecar.istio.io/interceptionMode": "^REDIRECT$",
    "traffic.sidecar.istio.io/includeOutboundIPRanges": "^[*]$",
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": "^$",
    "traffic.sidecar.istio.io/includeInboundPorts": "^[*]$",
    // Ports of the sidecar itself.
    "traffic.sidecar.istio.io/excludeInboundPorts": "^(15020|15021|15090)?(,(15020|15021|15090))*$",
};

/** Annotation that istiod adds to a pod that it has injected. It never belongs in a template. */
export const STATUS_KEY = "sidecar.istio.io/status";

/** Any of Istio's keys, with any prefix before its domain. */
export const ISTIO_KEY_PATTERN = "(^|[.])istio[.]io/";

/** Sends a pod's traffic through a pool where NetworkPolicies do not apply. */
export const STATIC_GATEWAY_KEY = "kubernetes.azure.com/static-gateway-configuration";
