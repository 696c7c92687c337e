import { MESH_CONFIG_TYPES } from "./meshConfigTypes";
import { TypeTable } from "./valueTypes";

/**
 * Values that the author of a mesh may set, as a tree: `true` for a field with everything in it, an object for some of
 * its fields. None of them can weaken what the egress gateway relies on. Add a field only after checking what Istio
 * does with every value of its type.
 */
export interface FreeValues {
    [field: string]: true | FreeValues;
}

function all(fields: string): FreeValues {
    return Object.fromEntries(fields.split(" ").map((field) => [field, true]));
}

/**
 * `defaultConfig` of MeshConfig. It excludes interception, ports, identity, bootstrap, additional trust and runtime
 * flags.
 */
const PROXY_CONFIG: FreeValues = {
    ...all("tracingServiceName drainDuration terminationDrainDuration concurrency extraStatTags proxyStatsMatcher"),
    ...all("meshId holdApplicationUntilProxyStarts statsCompression fileFlushInterval fileFlushMinSizeKb"),
    ...all("connectionSettings privateKeyProvider"),
    tracing: all("sampling maxPathTagLength enableIstioTags customTags"),
    proxyHeaders: all("server requestId attemptCount envoyDebugHeaders metadataExchangeHeaders"),
    proxyMetadata: all("EXIT_ON_ZERO_ACTIVE_CONNECTIONS MINIMUM_DRAIN_DURATION"),
};

/** MeshConfig. It excludes outbound policy, logs, trust, ports, root namespace, discovery and configuration sources. */
const MESH_CONFIG: FreeValues = {
    ...all("connectTimeout protocolDetectionTimeout hboneIdleTimeout tcpKeepalive dnsRefreshRate h2UpgradePolicy"),
    ...all("enableTracing extensionProviders enablePrometheusMerge pathNormalization defaultHttpRetryPolicy"),
    ...all("ingressClass ingressService ingressControllerMode ingressSelector"),
    ...all("defaultServiceExportTo defaultVirtualServiceExportTo defaultDestinationRuleExportTo"),
    localityLbSetting: all("enabled failoverPriority"),
    defaultProviders: all("tracing metrics"),
    defaultConfig: PROXY_CONFIG,
};

/** istiod's deployment: replicas, resources, placement and labels. */
const ISTIOD: FreeValues = {
    ...all("autoscaleEnabled autoscaleMin autoscaleMax replicaCount rollingMaxSurge rollingMaxUnavailable resources"),
    ...all(
        "cpu memory traceSampling affinity tolerations nodeSelector topologySpreadConstraints keepaliveMaxServerConnectionAge",
    ),
    ...all(
        "podAnnotations podLabels serviceAnnotations serviceAccountAnnotations deploymentAnnotations deploymentLabels",
    ),
    ...all("ipFamilyPolicy ipFamilies seccompProfile"),
    cni: all("enabled provider"),
    env: all(
        "PILOT_ENABLE_ALPN_FILTER PILOT_ENABLE_METADATA_EXCHANGE PILOT_ENABLE_IP_AUTOALLOCATE PILOT_DEBOUNCE_AFTER PILOT_DEBOUNCE_MAX " +
            "PILOT_PUSH_THROTTLE PILOT_ENABLE_STATUS PILOT_ENABLE_ANALYSIS PILOT_TRACE_SAMPLING PILOT_HTTP10 " +
            "PILOT_FILTER_GATEWAY_CLUSTER_CONFIG ENABLE_NATIVE_SIDECARS GOMEMLIMIT GOMAXPROCS GOGC",
    ),
};

/**
 * Values of the `istiod` chart. The chart merges `pilot` over everything else, so `pilot` has the same fields and no
 * others.
 */
export const FREE_VALUES: FreeValues = {
    ...ISTIOD,
    pilot: ISTIOD,
    revisionTags: true,
    telemetry: true,
    pdb: true,
    sidecarInjectorWebhook: all("enableNamespacesByDefault reinvocationPolicy"),
    meshConfig: MESH_CONFIG,
    global: {
        ...all("hub tag variant imagePullPolicy imagePullSecrets priorityClassName logAsJson logging nativeNftables"),
        ...all("defaultPodDisruptionBudget defaultResources networkPolicy network meshID multiCluster waypoint"),
        proxy: all(
            "resources logLevel readinessFailureThreshold readinessInitialDelaySeconds readinessPeriodSeconds startupProbe",
        ),
    },
};

const LEVELS = "trace|debug|info|warning|warn|error|critical|off";

/** Types of those values, in the notation of MeshConfig's. The charts have no schema of their own for istiod. */
export const VALUE_TYPES: TypeTable = {
    ...MESH_CONFIG_TYPES,
    Values: {
        ...typed("bool", "autoscaleEnabled"),
        ...typed("count", "autoscaleMin autoscaleMax replicaCount"),
        ...typed("string", "rollingMaxSurge rollingMaxUnavailable keepaliveMaxServerConnectionAge ipFamilyPolicy"),
        ...typed("object", "cpu memory affinity resources seccompProfile"),
        ...typed("[object]", "tolerations topologySpreadConstraints"),
        ...typed("[string]", "ipFamilies revisionTags"),
        ...typed("{string}", "nodeSelector podAnnotations podLabels serviceAnnotations serviceAccountAnnotations"),
        ...typed("{string}", "deploymentAnnotations deploymentLabels"),
        traceSampling: "number",
        cni: "Cni",
        env: "Env",
        pilot: "Values",
        telemetry: "object",
        pdb: "object",
        sidecarInjectorWebhook: "Webhook",
        meshConfig: "MeshConfig",
        global: "Global",
    },
    Cni: { enabled: "bool", provider: "default|multus" },
    Webhook: { enableNamespacesByDefault: "bool", reinvocationPolicy: "Never|IfNeeded", rewriteAppHTTPProbe: "bool" },
    Env: {
        ...typed("switch", "PILOT_ENABLE_ALPN_FILTER PILOT_ENABLE_METADATA_EXCHANGE PILOT_ENABLE_STATUS PILOT_HTTP10"),
        ...typed("switch", "PILOT_ENABLE_ANALYSIS PILOT_FILTER_GATEWAY_CLUSTER_CONFIG ENABLE_NATIVE_SIDECARS"),
        ...typed("word", "PILOT_DEBOUNCE_AFTER PILOT_DEBOUNCE_MAX PILOT_PUSH_THROTTLE PILOT_TRACE_SAMPLING"),
        ...typed("word", "GOMEMLIMIT GOMAXPROCS GOGC"),
        // Without addresses of their own, two hosts on one TCP port would be the same to a sidecar.
        PILOT_ENABLE_IP_AUTOALLOCATE: "true",
    },
    Global: {
        ...typed("string", "istioNamespace hub tag variant priorityClassName network meshID"),
        imagePullPolicy: "Always|IfNotPresent|Never",
        imagePullSecrets: "[string]",
        ...typed("bool", "logAsJson nativeNftables"),
        logging: "Logging",
        defaultPodDisruptionBudget: "Enabled",
        networkPolicy: "Enabled",
        ...typed("object", "defaultResources waypoint"),
        multiCluster: "MultiCluster",
        proxy: "Proxy",
    },
    Logging: { level: "string" },
    Enabled: { enabled: "bool" },
    MultiCluster: { clusterName: "string" },
    Proxy: {
        resources: "object",
        logLevel: LEVELS,
        ...typed("count", "readinessFailureThreshold readinessInitialDelaySeconds readinessPeriodSeconds"),
        startupProbe: "StartupProbe",
    },
    StartupProbe: { enabled: "bool", failureThreshold: "count" },
};

function typed(type: string, fields: string): Record<string, string> {
    return Object.fromEntries(fields.split(" ").map((field) => [field, type]));
}

/** Reasons why a documented value of Istio cannot be set, by the last part of its path. */
export const REASONS: Record<string, string> = {
    ...reasons(
        "lets traffic bypass the sidecar",
        "excludeIPRanges excludeOutboundPorts excludeInboundPorts includeIPRanges includeOutboundPorts includeInboundPorts interceptionMode",
    ),
    ...reasons(
        "decides which pods get a sidecar and what it contains",
        "neverInjectSelector alwaysInjectSelector templates defaultTemplates injectedAnnotations autoInject privileged lifecycle",
    ),
    ...reasons("decides where the mesh's configuration is read from", "rootNamespace configSources discoveryAddress"),
    ...reasons("can hide namespaces, including the gateway's, from the mesh", "discoverySelectors"),
    ...reasons(
        "decides who is trusted",
        "caCertificates caCertificatesPem ca caAddress trustDomainAliases proxyHeaders",
    ),
    ...reasons("decides whether calls are logged", "accessLogging disableEnvoyListenerLog"),
    ...reasons(
        "opens istiod's debug endpoints",
        "ENABLE_DEBUG_ON_HTTP ENABLE_DEBUG_ENDPOINT_AUTH DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES",
    ),
    ...reasons("decides which addresses istiod calls on behalf of others", "BLOCKED_CIDRS_IN_JWKS_URIS"),
    ...reasons(
        "is a port number that the lockdown relies on",
        "proxyListenPort proxyInboundListenPort proxyAdminPort statusPort",
    ),
};

function reasons(why: string, fields: string): Record<string, string> {
    return Object.fromEntries(fields.split(" ").map((field) => [field, why]));
}
