import { HelmValues } from "./helmValues";
import { validateRevisionFloor } from "./istioVersion";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { GATEWAY_DEFAULTS } from "./gatewayOptions";

/** Namespace of the add-on's control plane, and so the mesh's root namespace. */
export const ADDON_NAMESPACE = "aks-istio-system";
/** Namespace of its egress gateways, which AKS creates. */
export const ADDON_GATEWAY_NAMESPACE = "aks-istio-egress";
/** Length of the prefix that a gateway's two nodes, and a third during an upgrade, have addresses of. */
export const ADDON_PREFIX_LENGTH = 30;
/** API version of the object that ties an egress gateway to its nodes and addresses. */
export const GATEWAY_CONFIGURATION = {
    apiVersion: "egressgateway.kubernetes.azure.com/v1alpha1",
    kind: "StaticGatewayConfiguration",
};

/** The managed Istio add-on of a cluster. */
export interface AddonOptions {
    revision: string;
    gatewayName: string;
    gatewayNamespace: string;
    egressPrefixLength: number;
}

export function validateAddon({ revision, gatewayName, egressPrefixLength }: AddonOptions): Violation[] {
    return [
        ...validateRevision("revision", revision),
        ...validateAddonGatewayName("gatewayName", gatewayName),
        ...validateWholeNumber("egressPrefixLength", egressPrefixLength, "is not a prefix length that Azure offers", {
            least: 28,
            most: 31,
        }),
    ];
}

/** Refuses text that is not a revision of the add-on. */
export function validateRevision(path: string, revision: string | undefined): Violation[] {
    return revision !== undefined && /^asm-1-\d+$/.test(revision)
        ? validateRevisionFloor(path, revision)
        : [
              {
                  path,
                  value: revision,
                  problem: revision === undefined ? "is missing" : "is not a revision of the Istio add-on",
                  expected: 'a revision such as "asm-1-30"',
                  fix: "Choose one that this command lists: az aks mesh get-revisions --location <location>",
              },
          ];
}

/** Prefix that Istio's chart removes from the name with which the add-on labels its gateway's pods. */
export function validateAddonGatewayName(path: string, name: string): Violation[] {
    return /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name) && !name.startsWith("istio-")
        ? []
        : [
              {
                  path,
                  value: name,
                  problem: "is not a valid name for an egress gateway of the Istio add-on",
                  expected: "1 to 53 lower-case letters, digits and inner hyphens, not starting with istio-",
                  fix: `Remove it to use ${JSON.stringify(GATEWAY_DEFAULTS.gatewayName)}`,
              },
          ];
}

/** A mesh that the add-on runs. */
export interface AddonMesh {
    /** Names of the given settings. */
    given: string[];
    revision?: string;
    values?: HelmValues;
}

/** Settings of a mesh that AKS decides with the add-on, each with the reason. */
const MANAGED_MESH: Record<string, string> = {
    charts: "AKS installs the control plane",
    controlPlaneOnly: "AKS installs the control planes of both revisions",
    version: "AKS chooses the patch of the revision",
    jwksRanges: "AKS decides which addresses istiod calls",
    apiServerRanges: "AKS decides which addresses istiod calls",
    namespace: `the add-on is always in ${ADDON_NAMESPACE}`,
    hub: "the add-on's images are always Microsoft's",
    tag: "AKS chooses the patch of the revision",
};

/*
 * Lists of articles/aks/istio-meshconfig.md of MicrosoftDocs/azure-aks-docs, in its copy for asm-1-24. Newer copies were not found;
 * `proxyHeaders` is not in that one. `statsdUdpAddress` is spelt as Istio does, where the page leaves a letter out.
 */

/** Fields of MeshConfig that users of the add-on may set. The add-on refuses all others at admission. */
const MESH_CONFIG = new Set(
    (
        "proxyListenPort proxyInboundListenPort proxyHttpPort connectTimeout tcpKeepalive defaultConfig outboundTrafficPolicy " +
        "extensionProviders defaultProviders accessLogFile accessLogFormat accessLogEncoding enableTracing " +
        "enableEnvoyAccessLogService disableEnvoyListenerLog trustDomain trustDomainAliases caCertificates " +
        "defaultServiceExportTo defaultVirtualServiceExportTo defaultDestinationRuleExportTo localityLbSetting " +
        "dnsRefreshRate h2UpgradePolicy enablePrometheusMerge discoverySelectors pathNormalization " +
        "defaultHttpRetryPolicy serviceSettings meshMTLS tlsDefaults ingressService ingressSelector"
    ).split(" "),
);
/** The same for `defaultConfig`. */
const PROXY_CONFIG = new Set(
    (
        "tracingServiceName drainDuration statsdUdpAddress proxyAdminPort tracing concurrency envoyAccessLogService " +
        "envoyMetricsService proxyMetadata statusPort extraStatTags proxyStatsMatcher terminationDrainDuration meshId " +
        "holdApplicationUntilProxyStarts gatewayTopology proxyHeaders caCertificatesPem privateKeyProvider"
    ).split(" "),
);

/** Refuses settings that only a self-managed control plane has. */
export function validateAddonMesh({ given, revision, values = {} }: AddonMesh): Violation[] {
    const meshConfig = values["meshConfig"] as HelmValues | undefined;
    return [
        ...validateRevision("revision", revision),
        ...given
            .filter((setting) => Object.hasOwn(MANAGED_MESH, setting))
            .map((setting) => ({
                path: setting,
                problem: `cannot be set with the Istio add-on: ${MANAGED_MESH[setting]}`,
                expected: "this setting only with the flavour istio",
                fix: "Remove it, or use the flavour istio",
            })),
        ...Object.keys(values)
            .filter((key) => key !== "meshConfig")
            .map((key) => ({
                path: `values.${key}`,
                problem: "is a value of Istio's chart, but the add-on accepts only a MeshConfig",
                expected: "only values.meshConfig",
                fix: "Remove it, or use the flavour istio",
            })),
        ...validateBlocked("values.meshConfig", meshConfig, MESH_CONFIG),
        ...validateBlocked("values.meshConfig.defaultConfig", meshConfig?.["defaultConfig"], PROXY_CONFIG),
    ];
}

/** Refuses fields of MeshConfig for which the add-on would refuse all of it. */
export function withoutBlocked(meshConfig: HelmValues): HelmValues {
    const { defaultConfig, ...fields } = pick(meshConfig, MESH_CONFIG);
    return { ...fields, defaultConfig: pick((defaultConfig ?? {}) as HelmValues, PROXY_CONFIG) };
}

function pick(fields: HelmValues, known: Set<string>): HelmValues {
    return Object.fromEntries(Object.entries(fields).filter(([field]) => known.has(field)));
}

function validateBlocked(path: string, fields: unknown, known: Set<string>): Violation[] {
    if (typeof fields !== "object" || fields === null) {
        return [];
    }
    return Object.keys(fields)
        .filter((field) => !known.has(field))
        .map((field) => ({
            path: `${path}.${field}`,
            problem: "is blocked by the Istio add-on, which would refuse the whole MeshConfig",
            expected: "a field that Microsoft lists as allowed or supported",
            fix: "Remove it, or use the flavour istio",
        }));
}

/** Settings of an egress gateway that AKS decides with the add-on. */
const MANAGED_GATEWAY: Record<string, string> = {
    createNamespace: "AKS creates the namespace",
    minReplicas: "AKS scales the gateway",
    maxReplicas: "AKS scales the gateway",
    nodeSelector: "AKS chooses the nodes; the egress pool only forwards outbound traffic",
    tolerations: "AKS chooses the nodes; the egress pool only forwards outbound traffic",
    resources: "AKS chooses the resources",
    workers: "AKS chooses the resources, from which Istio derives the number of workers",
    mountedCredentials: "its pods cannot mount your files",
    ipFamilies: "wildcard hosts, which need it, are not supported with the add-on's gateway",
    timeoutSeconds: "AKS installs the gateway with the cluster",
};

/** Refuses settings that only a self-managed gateway has. `given` are the names of the given settings. */
export function validateAddonGateway(given: string[]): Violation[] {
    return given
        .filter((setting) => Object.hasOwn(MANAGED_GATEWAY, setting))
        .map((setting) => ({
            path: setting,
            problem: `cannot be set with the Istio add-on: ${MANAGED_GATEWAY[setting]}`,
            expected: "this setting only without addon",
            fix: "Remove it, or use a gateway from Istio's chart",
        }));
}

/** Name of the ConfigMap that the add-on merges under its own MeshConfig. */
export function sharedConfigName(revision: string): string {
    return `istio-shared-configmap-${revision}`;
}

/**
 * Minutes that the add-on has to give the gateway's nodes their addresses. The controller changes the nodes' scale set and
 * load balancer for it.
 */
export const PREFIX_MINUTES = 20;

/**
 * Object that ties a gateway to its egress nodes and addresses. It has the gateway's name. It is ready once its status
 * has the prefix: Microsoft asks to wait for that before pods use it (articles/aks/configure-static-egress-gateway.md of
 * MicrosoftDocs/azure-aks-docs, dated 2026-08-06).
 */
export function gatewayConfiguration(
    gateway: { name: string; namespace: string },
    addon: { nodePool: string; egressPrefixId: string; excludedRanges: string[] },
) {
    return {
        ...GATEWAY_CONFIGURATION,
        metadata: {
            name: gateway.name,
            namespace: gateway.namespace,
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.egressIpPrefix}" },
        },
        spec: {
            gatewayNodepoolName: addon.nodePool,
            publicIpPrefixId: addon.egressPrefixId,
            excludeCidrs: addon.excludedRanges,
        },
    };
}
