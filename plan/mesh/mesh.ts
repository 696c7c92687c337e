import { validateAuditLog } from "../observability/auditLog";
import { providerValues } from "../observability/providers";
import { validateSidecarLogs } from "../observability/sidecarLogs";
import { validateTracing } from "../observability/tracing";
import { validateLabel } from "../shared/names";
import { ISTIO_CHART_REPOSITORY, ISTIO_IMAGES, ISTIO_VERSION } from "../shared/officialSources";
import { validateOpenRanges } from "../shared/openRange";
import { Violation } from "../shared/violation";
import { HelmValues } from "./helmValues";
import { validateMeshVersion } from "./istioVersion";
import { blockedJwksRanges } from "./jwks";
import { validateAddonMesh, withoutBlocked } from "./meshAddon";
import { IstioCharts, MESH_DEFAULTS, ServiceMeshOptions } from "./meshOptions";
import { validateValues } from "./meshValues";
import { isTree } from "./valueTypes";
import { validateIstioSource, validateIstioSources } from "./retiredSources";
import { DEFAULT_REVISION } from "./revision";

/** A mesh with its defaults, without the values that only an update knows. */
export interface ResolvedMesh extends Omit<ServiceMeshOptions, "flavour"> {
    namespace: string;
    trustDomain: string;
    charts: IstioCharts;
    /** Version of the charts, if it is known. */
    version?: string;
    /** Names of the settings that were given for a mesh that AKS runs. */
    addonSettings?: string[];
}

/** Outbound traffic policy of this package's meshes: undeclared hosts are refused. */
export const OUTBOUND_TRAFFIC_POLICY = "REGISTRY_ONLY";

const CHARTS = ["base", "istiod", "gateway"] as const;
export type IstioChart = (typeof CHARTS)[number];

export function validateMesh(request: ResolvedMesh): Violation[] {
    return [
        ...validateLabel("namespace", request.namespace, "a namespace"),
        ...validateTrustDomain(request.trustDomain),
        ...validateMeshVersion("version", request.version),
        ...validateMeshVersion("tag", request.tag),
        ...(request.addonSettings
            ? validateAddonMesh({ ...request, given: request.addonSettings })
            : validateCharts(request.charts)),
        ...validateSources(request),
        ...validateValues(request.values ?? {}, guardedValues(request)),
        ...validateRanges(
            "jwksRanges",
            request.jwksRanges,
            "the servers of the keys with which the mesh verifies tokens",
        ),
        ...validateRanges("apiServerRanges", request.apiServerRanges, "the addresses of the Kubernetes API server"),
        ...(request.auditLog ? validateAuditLog("auditLog", request.auditLog) : []),
        ...(request.tracing
            ? validateTracing(
                  "tracing",
                  request.tracing,
                  request.addonSettings ? [request.revision] : [request.version],
              )
            : []),
        ...validateSidecarLogs("sidecarLogPercent", request.sidecarLogPercent),
        ...validateControlPlaneOnly(request),
    ];
}

/** Refuses a second control plane that would take the first one's place, and what only the first can set. */
function validateControlPlaneOnly({ controlPlaneOnly, revision, sidecarLogPercent }: ResolvedMesh): Violation[] {
    if (!controlPlaneOnly) {
        return [];
    }
    return [
        ...(revision
            ? []
            : [
                  {
                      path: "revision",
                      problem: "is missing, and a control plane without one is the first of its mesh",
                      expected: "a name that no other control plane of the mesh has",
                      fix: 'Set it to the version that it runs, such as "1-31-0"',
                  },
              ]),
        ...(sidecarLogPercent === undefined
            ? []
            : [
                  {
                      path: "sidecarLogPercent",
                      value: sidecarLogPercent,
                      problem: "is for the whole mesh, and this ServiceMesh has `controlPlaneOnly`",
                      expected: "no sidecarLogPercent here",
                      fix: "Set it on the first ServiceMesh",
                  },
              ]),
    ];
}

/** Name of istiod's release: each revision has its own. */
export function istiodRelease(revision: string | undefined): string {
    return revision ? `istiod-${revision}` : "istiod";
}

/** Charts to use: the given ones, or Istio's official ones. */
export function chartsOf(given: IstioCharts | undefined): IstioCharts {
    return isOfficial(given) ? { ...given, repository: ISTIO_CHART_REPOSITORY } : (given ?? {});
}

/**
 * Version to use: the given one, or the tested one, so that no update upgrades Istio unasked. A folder and an OCI
 * reference with a tag have their own version.
 */
export function chartVersionOf<Version>(given: IstioCharts | undefined, version: Version | undefined) {
    const charts = chartsOf(given);
    const isPinned = CHARTS.map((chart) => chartReference(charts, chart)).every(saysVersion);
    return version ?? (isPinned ? undefined : ISTIO_VERSION);
}

/** Registry of Istio's images: the given one, or the official one for the official charts. */
export function imagesOf(given: IstioCharts | undefined, hub: string | undefined): string | undefined {
    return hub ?? (isOfficial(given) ? ISTIO_IMAGES : undefined);
}

/** Whether charts come from Istio's own repository: it is given, or no other source is. */
function isOfficial(given: IstioCharts | undefined): boolean {
    const { repository, ...charts } = given ?? {};
    return repository === undefined
        ? Object.values(charts).every((chart) => chart === undefined)
        : repository.replace(/\/+$/, "") === ISTIO_CHART_REPOSITORY;
}

/** Refuses arguments and values that name Istio's former repositories and registries. */
function validateSources({ charts, hub, values }: ResolvedMesh): Violation[] {
    return [
        ...validateIstioSources("charts", charts),
        ...(hub === undefined ? [] : validateIstioSource("hub", hub)),
        ...validateIstioSources("values", values),
    ];
}

/** The chart's name in the repository, its folder, or its OCI reference. */
export function chartReference(charts: IstioCharts, chart: IstioChart): string {
    return charts[chart] ?? chart;
}

/** Syntax of a trust domain, from section 2.1 of the SPIFFE ID standard. */
function validateTrustDomain(trustDomain: string): Violation[] {
    if (/^[a-z0-9._-]{1,255}$/.test(trustDomain)) {
        return [];
    }
    return [
        {
            path: "trustDomain",
            value: trustDomain,
            problem: "is not a trust domain",
            expected: "1 to 255 lower-case letters, digits, dots, hyphens and underscores",
            fix: `Remove it to use ${JSON.stringify(MESH_DEFAULTS.trustDomain)}`,
        },
    ];
}

/** Repository of a chart. Empty for a folder or an OCI reference, which already contain the location. */
export function chartRepository(charts: IstioCharts, chart: IstioChart): string | undefined {
    return isLocation(chartReference(charts, chart)) ? undefined : charts.repository;
}

function validateRanges(path: string, ranges: string[] | undefined, whose: string): Violation[] {
    return ranges === undefined
        ? []
        : validateOpenRanges(path, ranges, { allow: ["private"], expected: `the ranges of ${whose}` });
}

function validateCharts(charts: IstioCharts): Violation[] {
    if (charts.repository !== undefined) {
        return [];
    }
    return CHARTS.filter((chart) => !isLocation(chartReference(charts, chart))).map((chart) => ({
        path: `charts.${chart}`,
        value: charts[chart],
        problem:
            charts[chart] === undefined
                ? "is missing, and there is no charts.repository"
                : "is only a name, and there is no charts.repository",
        expected: "a Helm repository with Istio's charts, or a folder or oci:// reference for each of them",
        fix: `Set charts.repository, or charts.${chart} to a folder such as "./charts/${chart}"`,
    }));
}

/** A folder or an OCI reference needs no repository. */
export function isLocation(chart: string): boolean {
    return chart.startsWith("oci://") || chart.startsWith(".") || chart.startsWith("/");
}

/** A folder has a version of its own, and so has an OCI reference with a tag or digest. */
export function saysVersion(chart: string): boolean {
    return chart.startsWith("oci://") ? /[:@][^/]+$/.test(chart.slice(chart.lastIndexOf("/"))) : isLocation(chart);
}

/** Values of the `base` chart: the CRDs and the validation webhook. */
export function baseValues(request: ResolvedMesh): HelmValues {
    return { global: { istioNamespace: request.namespace }, defaultRevision: request.revision ?? DEFAULT_REVISION };
}

/**
 * Keeps AKS's admissions enforcer from editing the injector's webhook: the chart's next upgrade would fail over who owns the
 * namespace selector (https://github.com/Azure/AKS/issues/4002). Other clusters do not read it.
 */
const WEBHOOK_ANNOTATIONS = { sidecarInjectorWebhookAnnotations: { "admissions.enforcer/disabled": "true" } };

/** Values of the `istiod` chart: the user's own, overridden by the guarded ones. */
export function istiodValues(request: ResolvedMesh): HelmValues {
    const values = merge(WEBHOOK_ANNOTATIONS, request.values ?? {});
    return merge(merge(values, providerValues(values, request)), guardedValues(request));
}

/**
 * The MeshConfig for a control plane that AKS installs: the user's own, overridden by the guarded fields that it
 * accepts.
 */
export function addonMeshConfig(request: ResolvedMesh): HelmValues {
    return withoutBlocked(istiodValues(request)["meshConfig"] as HelmValues);
}

/**
 * Values that the package's promises depend on. A different value for one of them is refused, not silently overridden.
 */
function guardedValues(request: ResolvedMesh): HelmValues {
    return {
        global: {
            istioNamespace: request.namespace,
            ...(request.hub && { hub: request.hub }),
            ...(request.tag && { tag: request.tag }),
        },
        revision: request.revision ?? "",
        env: {
            BLOCKED_CIDRS_IN_JWKS_URIS: blockedJwksRanges(request.jwksRanges ?? []).join(","),
            ENABLE_DEBUG_ENDPOINT_AUTH: "true",
        },
        meshConfig: {
            // The sidecar refuses undeclared hosts instead of passing calls through.
            outboundTrafficPolicy: { mode: OUTBOUND_TRAFFIC_POLICY },
            accessLogFile: "/dev/stdout",
            // In a text log, the author of a partner's certificate could insert lines of their own.
            accessLogEncoding: "JSON",
            trustDomain: request.trustDomain,
            // Hosts of a ServiceEntry resolve inside pods even if public DNS does not know them.
            defaultConfig: {
                proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" },
                // A gateway sets the caller's identity itself, and does not forward the caller's own header.
                gatewayTopology: { forwardClientCertDetails: "SANITIZE_SET" },
            },
        },
        // The kubelet's HTTP probes have no mesh certificate, so istiod redirects them to the agent.
        sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
    };
}

/** `over` merged over `under`. Trees are merged, everything else is replaced. */
export function merge(under: HelmValues, over: HelmValues): HelmValues {
    const merged = { ...under };
    for (const [key, value] of Object.entries(over)) {
        const below = merged[key];
        merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
    }
    return merged;
}
