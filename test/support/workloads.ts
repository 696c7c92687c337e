import type { AnyObject } from "../../lab/proof/cluster";

/*
 * Pods and what makes them, for the admission rules of a lockdown.
 */

/** The part of a pod or of a template that the rules look at. */
export interface PodTemplate {
    metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
    spec: PodSpec;
}

interface PodSpec {
    [field: string]: unknown;
    securityContext: Record<string, unknown>;
    containers: Container[];
    initContainers?: Container[];
}

interface Container {
    [field: string]: unknown;
    name: string;
    securityContext: Record<string, unknown>;
}

/** A pod that a locked namespace takes. */
export function template(image: string, name = "app"): PodTemplate {
    return {
        metadata: { labels: { app: name } },
        spec: {
            terminationGracePeriodSeconds: 0,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 65532,
                runAsGroup: 65532,
                seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
                {
                    name: "app",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sleep", "86400"],
                    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                },
            ],
        },
    };
}

export function pod(name: string, namespace: string, { metadata, spec }: PodTemplate): AnyObject & PodTemplate {
    return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name, namespace }, spec };
}

export function deployment(podTemplate: PodTemplate, namespace: string): AnyObject {
    return workload("apps/v1", "Deployment", namespace, podTemplate);
}

/** The template in everything that makes pods. */
export function kinds(podTemplate: PodTemplate, namespace: string): AnyObject[] {
    const job = { ...podTemplate, spec: { ...podTemplate.spec, restartPolicy: "Never" } };
    return [
        ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map((kind) =>
            workload("apps/v1", kind, namespace, podTemplate),
        ),
        {
            ...workload("v1", "ReplicationController", namespace, podTemplate),
            spec: { selector: podTemplate.metadata.labels, template: podTemplate },
        },
        { ...workload("batch/v1", "Job", namespace, job), spec: { template: job } },
        {
            ...workload("batch/v1", "CronJob", namespace, job),
            spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: job } } },
        },
    ];
}

function workload(apiVersion: string, kind: string, namespace: string, podTemplate: PodTemplate): AnyObject {
    const spec = { selector: { matchLabels: podTemplate.metadata.labels }, template: podTemplate };
    return { apiVersion, kind, metadata: { name: "try", namespace }, spec };
}

/** A rule, a change that it refuses, and one like it that passes. */
export interface WorkloadRule {
    rule: string;
    message: RegExp;
    refused: (template: PodTemplate) => void;
    passes: (template: PodTemplate) => void;
    /** Where istiod has the last word in a pod, only what makes pods can be judged by it. */
    templatesOnly?: boolean;
}

export const annotate =
    (key: string, value: string) =>
    ({ metadata }: PodTemplate) => {
        metadata.annotations = { ...metadata.annotations, [key]: value };
    };

export const label =
    (key: string, value: string) =>
    ({ metadata }: PodTemplate) => {
        metadata.labels[key] = value;
    };

export const security =
    (fields: Record<string, unknown>) =>
    ({ spec }: PodTemplate) => {
        Object.assign(spec.containers[0].securityContext, fields);
    };

export const podSecurity =
    (fields: Record<string, unknown>) =>
    ({ spec }: PodTemplate) => {
        Object.assign(spec.securityContext, fields);
    };

export const field =
    (name: string, value: unknown) =>
    ({ spec }: PodTemplate) => {
        spec[name] = value;
    };

/** Fields of the first container. */
export const container =
    (fields: Record<string, unknown>) =>
    ({ spec }: PodTemplate) => {
        Object.assign(spec.containers[0], fields);
    };

const named =
    (name: string) =>
    ({ spec }: PodTemplate) => {
        spec.containers.push({ ...spec.containers[0], name });
    };

const initialised =
    (fields: Record<string, unknown>) =>
    ({ spec }: PodTemplate) => {
        const [app] = spec.containers;
        spec.initContainers = [
            { ...app, name: "first", command: ["true"], securityContext: { ...app.securityContext, ...fields } },
        ];
    };

const unchanged = () => {};

/** Annotations and labels of Istio: a value that is refused, and where there is one, a value that passes. */
const KEYS: [string, string, string?][] = [
    ["traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/8", "*"],
    ["traffic.sidecar.istio.io/excludeOutboundIPRanges", "203.0.113.0/24", ""],
    ["traffic.sidecar.istio.io/includeOutboundPorts", "80"],
    ["traffic.sidecar.istio.io/excludeOutboundPorts", "443"],
    ["traffic.sidecar.istio.io/includeInboundPorts", "80", "*"],
    ["traffic.sidecar.istio.io/excludeInboundPorts", "8080", "15020,15090"],
    ["traffic.sidecar.istio.io/excludeInterfaces", "eth1"],
    ["traffic.sidecar.istio.io/kubevirtInterfaces", "net1"],
    ["istio.io/reroute-virtual-interfaces", "net1"],
    ["sidecar.istio.io/interceptionMode", "NONE", "REDIRECT"],
    ["sidecar.istio.io/inject", "false", "true"],
    ["sidecar.istio.io/proxyImage", "elsewhere.example/proxy:1"],
    ["sidecar.istio.io/proxyImageType", "debug"],
    ["sidecar.istio.io/bootstrapOverride", "mine"],
    ["sidecar.istio.io/discoveryAddress", "elsewhere.example:15012"],
    ["sidecar.istio.io/userVolume", "[]"],
    ["sidecar.istio.io/userVolumeMount", "[]"],
    ["sidecar.istio.io/logLevel", "info\n    image: elsewhere.example/proxy:1", "debug"],
    ["proxy.istio.io/config", '{"proxyMetadata":{"A":"B"}}'],
    ["proxy.istio.io/overrides", '{"containers":[]}'],
    ["inject.istio.io/templates", "gateway"],
    ["status.sidecar.istio.io/port", "8080"],
    ["ambient.istio.io/redirection", "disabled"],
    ["of-a-later-version.istio.io/anything", "x"],
];

export const WORKLOAD_RULES: WorkloadRule[] = [
    ...KEYS.map(([key, bad, good]) => ({
        rule: `annotation ${key}`,
        message: new RegExp(`The label or annotation ${key.replaceAll(".", "[.]")} changes`),
        refused: annotate(key, bad),
        // istiod itself refuses a pod with a line end there.
        templatesOnly: bad.includes("\n"),
        passes:
            good === undefined ? annotate(`not-${key.replace("istio.io", "istio.example")}`, bad) : annotate(key, good),
    })),
    {
        rule: "label sidecar.istio.io/inject",
        message: /The label or annotation sidecar[.]istio[.]io\/inject changes/,
        refused: label("sidecar.istio.io/inject", "false"),
        passes: label("sidecar.istio.io/inject", "true"),
    },
    {
        rule: "label istio.io/dataplane-mode",
        message: /istio[.]io\/dataplane-mode changes/,
        refused: label("istio.io/dataplane-mode", "ambient"),
        passes: label("service.istio.io/canonical-name", "app"),
    },
    {
        rule: "annotation sidecar.istio.io/status, which only istiod writes",
        message: /sidecar[.]istio[.]io\/status changes/,
        refused: annotate("sidecar.istio.io/status", "{}"),
        passes: unchanged,
        templatesOnly: true,
    },
    {
        rule: "a static egress gateway of AKS",
        message: /bypasses the egress gateway/,
        refused: annotate("kubernetes.azure.com/static-gateway-configuration", "mine"),
        passes: annotate("kubernetes.azure.com/something-else", "mine"),
    },
    ...["istio-proxy", "istio-init", "istio-validation"].map((name) => ({
        rule: `a container named ${name}`,
        message: /reserved for Istio's containers/,
        refused: named(name),
        passes: named(`${name}-too`),
        templatesOnly: true,
    })),
    ...[security, podSecurity, initialised].flatMap((where) =>
        ["runAsUser", "runAsGroup"].map((id) => ({
            rule: `${id} 1337 in ${{ security: "a container", podSecurity: "the pod", initialised: "an init container" }[where.name]}`,
            message: /1337 is the sidecar's/,
            refused: where({ [id]: 1337 }),
            passes: where({ [id]: 1338 }),
        })),
    ),
    {
        rule: "fsGroup 1337",
        message: /1337 is the sidecar's/,
        refused: podSecurity({ fsGroup: 1337 }),
        passes: podSecurity({ fsGroup: 1338 }),
    },
    {
        rule: "supplementalGroups 1337",
        message: /1337 is the sidecar's/,
        refused: podSecurity({ supplementalGroups: [1000, 1337] }),
        passes: podSecurity({ supplementalGroups: [1000, 1338] }),
    },
    ...["runAsUser", "runAsGroup"].map((id) => ({
        rule: `no ${id}`,
        message: /its image could make it run as the sidecar's user/,
        refused: podSecurity({ [id]: undefined }),
        passes: (one: PodTemplate) => {
            podSecurity({ [id]: undefined })(one);
            security({ [id]: 65532 })(one);
        },
    })),
    {
        rule: "root",
        message: /its image could make it run as the sidecar's user/,
        refused: podSecurity({ runAsUser: 0, runAsNonRoot: false }),
        passes: podSecurity({ runAsUser: 1000, runAsGroup: 0 }),
    },
    {
        rule: "privilege escalation",
        message: /could become the sidecar's user/,
        refused: security({ allowPrivilegeEscalation: true }),
        passes: security({ allowPrivilegeEscalation: false }),
    },
    {
        rule: "a capability that the image brings",
        message: /could become the sidecar's user/,
        refused: security({ capabilities: { drop: ["NET_RAW"] } }),
        passes: security({ capabilities: { drop: ["NET_RAW", "ALL"] } }),
    },
    {
        rule: "a capability that is added",
        message: /could become the sidecar's user/,
        refused: security({ capabilities: { drop: ["ALL"], add: ["SETUID"] } }),
        passes: security({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
    },
    {
        rule: "a privileged init container",
        message: /could become the sidecar's user/,
        refused: initialised({ privileged: true, allowPrivilegeEscalation: true }),
        passes: initialised({ privileged: false }),
    },
    ...["hostNetwork", "hostPID", "hostIPC"].map((name) => ({
        rule: name,
        message: /The pod has access to its node/,
        refused: field(name, true),
        passes: field(name, false),
    })),
    {
        rule: "a hostPath volume",
        message: /The pod has access to its node/,
        refused: field("volumes", [{ name: "v", hostPath: { path: "/run" } }]),
        passes: field("volumes", [{ name: "v", emptyDir: {} }]),
    },
];
