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
import { IstioCharts, ServiceMeshOptions } from "./meshOptions";
import { validateValues } from "./meshValues";
import { isTree } from "./valueTypes";
import { validateIstioSource, validateIstioSources } from "./retiredSources";

/** A mesh with its defaults, as far as it is known before the update. */
export interface ResolvedMesh extends Omit<ServiceMeshOptions, "flavour"> {
    namespace: string;
    trustDomain: string;
    charts: IstioCharts;
    /** Version of the charts, where it is known. */
    version?: string;
    /** Names of the settings that were given to a mesh which AKS runs. */
    addonSettings?: string[];
}

/** What a mesh of this package does with hosts that nobody declared: it refuses them. */
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
        ...validateRanges("jwksRanges", request.jwksRanges, "the servers of the keys that the mesh checks tokens with"),
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
    ];
}

/** The charts to use: those that are given, or Istio's official ones. */
export function chartsOf(given: IstioCharts | undefined): IstioCharts {
    return isOfficial(given) ? { ...given, repository: ISTIO_CHART_REPOSITORY } : (given ?? {});
}

/**
 * The version to use: the one that is given, or the tested one, so that no preview upgrades Istio by itself. A folder and
 * an OCI reference with a tag say their version themselves.
 */
export function chartVersionOf<Version>(given: IstioCharts | undefined, version: Version | undefined) {
    const charts = chartsOf(given);
    const isPinned = CHARTS.map((chart) => chartReference(charts, chart)).every(saysVersion);
    return version ?? (isPinned ? undefined : ISTIO_VERSION);
}

/** The registry of Istio's images: the one that is given, or the official one for the official charts. */
export function imagesOf(given: IstioCharts | undefined, hub: string | undefined): string | undefined {
    return hub ?? (isOfficial(given) ? ISTIO_IMAGES : undefined);
}

/** Whether charts come from Istio's own repository: it is named, or no other source is. */
function isOfficial(given: IstioCharts | undefined): boolean {
    const { repository, ...charts } = given ?? {};
    return repository === undefined
        ? Object.values(charts).every((chart) => chart === undefined)
        : repository.replace(/\/+$/, "") === ISTIO_CHART_REPOSITORY;
}

/** Refuses Istio's former places wherever an argument or a value names one. */
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

/** As SPIFFE spells it, section 2.1 of its ID standard. */
function validateTrustDomain(trustDomain: string): Violation[] {
    if (/^[a-z0-9._-]{1,255}$/.test(trustDomain)) {
        return [];
    }
    return [
        {
            path: "trustDomain",
            value: trustDomain,
            problem: "is no trust domain",
            expected: "1 to 255 lower-case letters, digits, dots, hyphens and underscores",
            fix: 'Leave it out for "cluster.local"',
        },
    ];
}

/** The repository to look a chart up in; none for a folder or an OCI reference, which say themselves where it is. */
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
                : "is a name only, and there is no charts.repository",
        expected: "a Helm repository with Istio's charts, or a folder or oci:// reference for each of them",
        fix: `Set charts.repository, or charts.${chart} to a folder such as "./charts/${chart}"`,
    }));
}

function isLocation(chart: string): boolean {
    return chart.startsWith("oci://") || chart.startsWith(".") || chart.startsWith("/");
}

function saysVersion(chart: string): boolean {
    return chart.startsWith("oci://") ? /[:@][^/]+$/.test(chart.slice(chart.lastIndexOf("/"))) : isLocation(chart);
}

/** Values of the `base` chart: the CRDs and the validation webhook. */
export function baseValues(request: ResolvedMesh): HelmValues {
    return { global: { istioNamespace: request.namespace }, defaultRevision: request.revision ?? "default" };
}

/**
 * Keeps AKS's admissions enforcer from editing the injector's webhook: the chart's next upgrade would fail over who owns the
 * namespace selector (https://github.com/Azure/AKS/issues/4002). Other clusters do not read it.
 */
const WEBHOOK_ANNOTATIONS = { sidecarInjectorWebhookAnnotations: { "admissions.enforcer/disabled": "true" } };

/** Values of the `istiod` chart: the caller's own, with the guarded ones on top. */
export function istiodValues(request: ResolvedMesh): HelmValues {
    const values = merge(WEBHOOK_ANNOTATIONS, request.values ?? {});
    return merge(merge(values, providerValues(values, request)), guardedValues(request));
}

/** The MeshConfig for a control plane that AKS installs: the caller's own, with those guarded fields that it takes. */
export function addonMeshConfig(request: ResolvedMesh): HelmValues {
    return withoutBlocked(istiodValues(request)["meshConfig"] as HelmValues);
}

/** What the package's promises rest on. Another value for one of these is refused, not overridden in silence. */
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
            // A host nobody declared is refused by the sidecar instead of being passed through.
            outboundTrafficPolicy: { mode: OUTBOUND_TRAFFIC_POLICY },
            accessLogFile: "/dev/stdout",
            // As text, whoever makes a partner's certificate could write lines of their own into the log.
            accessLogEncoding: "JSON",
            trustDomain: request.trustDomain,
            // Hosts of a ServiceEntry resolve inside pods even where public DNS does not know them.
            defaultConfig: {
                proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" },
                // A gateway says itself who calls, and does not pass on what callers say.
                gatewayTopology: { forwardClientCertDetails: "SANITIZE_SET" },
            },
        },
        // Kubelet's HTTP probes carry no mesh certificate; istiod redirects them to the agent.
        sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
    };
}

/** `over` laid on `under`; trees are merged, everything else replaced. */
export function merge(under: HelmValues, over: HelmValues): HelmValues {
    const merged = { ...under };
    for (const [key, value] of Object.entries(over)) {
        const below = merged[key];
        merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
    }
    return merged;
}
