import { HelmValues } from "./helmValues";
import { AddonMeshOptions, validateAddonMesh, withoutBlocked } from "./meshAddon";
import { Violation } from "../shared/violation";
import { validateLabel } from "../shared/names";

/** Where Istio's charts come from: a repository, or a folder or OCI reference a chart. */
export interface ChartSource {
    repository?: string;
    base?: string;
    istiod?: string;
    gateway?: string;
}

export interface MeshOptions {
    namespace: string;
    trustDomain: string;
    charts: ChartSource;
    hub?: string;
    tag?: string;
    revision?: string;
    values?: HelmValues;
    /** What was asked of a mesh that AKS runs. */
    addon?: AddonMeshOptions;
}

/** What a mesh of this package does with hosts that nobody declared: it refuses them. */
export const OUTBOUND_TRAFFIC_POLICY = "REGISTRY_ONLY";

const CHARTS = ["base", "istiod", "gateway"] as const;
export type IstioChart = (typeof CHARTS)[number];

export function validateMesh(request: MeshOptions): Violation[] {
    return [
        ...validateLabel("namespace", request.namespace, "a namespace"),
        ...validateTrustDomain(request.trustDomain),
        ...(request.addon ? validateAddonMesh(request.addon) : validateCharts(request.charts)),
        ...validateValues(request),
    ];
}

/** The chart's name in the repository, its folder, or its OCI reference. */
export function chartReference(charts: ChartSource, chart: IstioChart): string {
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
export function chartRepository(charts: ChartSource, chart: IstioChart): string | undefined {
    return isLocation(chartReference(charts, chart)) ? undefined : charts.repository;
}

function validateCharts(charts: ChartSource): Violation[] {
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

/** Values of the `base` chart: the CRDs and the validation webhook. */
export function baseValues(request: MeshOptions): HelmValues {
    return { global: { istioNamespace: request.namespace }, defaultRevision: request.revision ?? "default" };
}

/** Values of the `istiod` chart: the caller's own, with the guarded ones on top. */
export function istiodValues(request: MeshOptions): HelmValues {
    return merge(request.values ?? {}, guardedValues(request));
}

/** The MeshConfig for a control plane that AKS installs: the caller's own, with those guarded fields that it takes. */
export function addonMeshConfig(request: MeshOptions): HelmValues {
    return withoutBlocked(istiodValues(request)["meshConfig"] as HelmValues);
}

/** What the package's promises rest on. Another value for one of these is refused, not overridden in silence. */
function guardedValues(request: MeshOptions): HelmValues {
    return {
        global: {
            istioNamespace: request.namespace,
            ...(request.hub && { hub: request.hub }),
            ...(request.tag && { tag: request.tag }),
        },
        revision: request.revision ?? "",
        meshConfig: {
            // A host nobody declared is refused by the sidecar instead of being passed through.
            outboundTrafficPolicy: { mode: OUTBOUND_TRAFFIC_POLICY },
            accessLogFile: "/dev/stdout",
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

function validateValues(request: MeshOptions): Violation[] {
    const values = request.values ?? {};
    return [...validateOtherThan(guardedValues(request), values, "values"), ...validateKeys(values, "values")];
}

/** Refuses what `values` has in the place of a guarded value or of a tree of them. */
function validateOtherThan(guarded: HelmValues, values: HelmValues, path: string): Violation[] {
    return Object.entries(guarded).flatMap(([key, expected]): Violation[] => {
        const given = values[key];
        const at = `${path}.${key}`;
        if (given === undefined || given === expected) {
            return [];
        }
        if (isTree(expected) && isTree(given)) {
            return validateOtherThan(expected, given, at);
        }
        return [
            {
                path: at,
                ...(isPlain(given) && { value: given }),
                problem: "is not what the egress gateway relies on",
                expected: isTree(expected) ? "an object" : JSON.stringify(expected),
                fix: "Remove it from values; what can be chosen has an argument of its own",
            },
        ];
    });
}

function validateKeys(value: unknown, path: string): Violation[] {
    if (typeof value === "string" && isKey(value)) {
        return [
            {
                path,
                problem: "holds a private key, and Helm keeps values readable in the cluster",
                expected: "no key material in Helm values",
                fix: "Put the key into an EgressCredential",
            },
        ];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => validateKeys(item, `${path}[${index}]`));
    }
    return isTree(value) ? Object.entries(value).flatMap(([key, item]) => validateKeys(item, `${path}.${key}`)) : [];
}

function isKey(text: string): boolean {
    return text.includes("PRIVATE KEY-----");
}

/** Whether a value may be repeated in a violation. */
function isPlain(value: unknown): value is string | number | boolean {
    return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && !isKey(value));
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

function isTree(value: unknown): value is HelmValues {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
