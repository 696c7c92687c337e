/** What istiod or an application may set without weakening the sidecar: names, log levels, resources, probes. */
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

/** Istio pastes some values into the pod as they are: without spaces and line ends nothing can be added to it. */
const ONE_WORD = "^[A-Za-z0-9._:,/-]*$";

/**
 * The labels and annotations of Istio that a locked pod may have, with a regular expression for the value. All others
 * are refused, those too that a later Istio brings: most of them loosen what the sidecar takes or change what it is.
 */
export const ALLOWED_ISTIO_KEYS: Record<string, string> = {
    ...Object.fromEntries(HARMLESS.map((key) => [key, ONE_WORD])),
    "sidecar.istio.io/inject": "^true$",
    // With the CNI plugin, istiod writes into every pod what the sidecar takes: everything.
    "sidecar.istio.io/interceptionMode": "^REDIRECT$",
    "traffic.sidecar.istio.io/includeOutboundIPRanges": "^[*]$",
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": "^$",
    "traffic.sidecar.istio.io/includeInboundPorts": "^[*]$",
    // Ports of the sidecar itself.
    "traffic.sidecar.istio.io/excludeInboundPorts": "^(15020|15021|15090)?(,(15020|15021|15090))*$",
};

/** What istiod writes into a pod that it has injected, and nobody writes into a template. */
export const STATUS_KEY = "sidecar.istio.io/status";

/** Any key of Istio, whatever the part before its domain. */
export const ISTIO_KEY_PATTERN = "(^|[.])istio[.]io/";

/** Sends a pod's traffic through a pool where NetworkPolicies do not apply. */
export const STATIC_GATEWAY_KEY = "kubernetes.azure.com/static-gateway-configuration";
