import { PodTemplate, annotate, container, field, label, podSecurity, security } from "../workloads";

/*
 * Values that everyday applications write into the fields of a pod in which attempts are refused: probes, volumes, images,
 * tolerations and others, one at a time.
 */

export interface OrdinaryPod {
    what: string;
    edit: (template: PodTemplate) => void;
}

export const mounted = (source: object) => (template: PodTemplate) => {
    field("volumes", [{ name: "data", ...source }])(template);
    container({ volumeMounts: [{ name: "data", mountPath: "/data" }] })(template);
};

export const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

const each = <T>(values: Record<string, T>, edit: (value: T) => OrdinaryPod["edit"]): OrdinaryPod[] =>
    Object.entries(values).map(([what, value]) => ({ what, edit: edit(value) }));

const ACTIONS: Record<string, object> = {
    "an HTTP path": { httpGet: { path: "/healthz", port: 8080 } },
    HTTPS: { httpGet: { path: "/healthz", port: 8443, scheme: "HTTPS" } },
    "a named port": { httpGet: { path: "/ready", port: "http" } },
    "a header": { httpGet: { path: "/", port: 8080, httpHeaders: [{ name: "Accept", value: "application/json" }] } },
    "a TCP port": { tcpSocket: { port: 8080 } },
    gRPC: { grpc: { port: 9090 } },
    "a command": { exec: { command: ["sh", "-c", "test -f /tmp/ready"] } },
};
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
    Object.entries(ACTIONS).map(([what, action]) => ({
        what: `a ${probe} by ${what}`,
        edit: container({
            ports: [{ name: "http", containerPort: 8080 }],
            [probe]: { ...action, failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 2 },
        }),
    })),
);

const HOOKS = ["postStart", "preStop"].flatMap((hook) =>
    Object.entries({
        "a command": { exec: { command: ["sh", "-c", "sleep 1"] } },
        "an HTTP path of its own": { httpGet: { path: "/hook", port: 8080 } },
    }).map(([what, action]) => ({
        what: `a hook ${hook} with ${what}`,
        edit: container({ lifecycle: { [hook]: action } }),
    })),
);

const items = (path: string, source: object) => ({ items: [{ path, ...source }] });
const VOLUMES = each<object>(
    {
        "some keys of a ConfigMap": {
            configMap: { name: "settings", defaultMode: 0o440, items: [{ key: "app.yaml", path: "app.yaml" }] },
        },
        "a ConfigMap that need not exist": { configMap: { name: "overrides", optional: true } },
        "some keys of a Secret": { secret: { secretName: "keys", items: [{ key: "key", path: "key", mode: 0o400 }] } },
        "a TLS Secret that cert-manager issues": { secret: { secretName: "app-tls", optional: true } },
        "an emptyDir": { emptyDir: {} },
        "an emptyDir with a limit": { emptyDir: { sizeLimit: "1Gi" } },
        "an emptyDir for shared memory": { emptyDir: { medium: "Memory" } },
        "its name in a file": { downwardAPI: items("name", { fieldRef: { fieldPath: "metadata.name" } }) },
        "its annotations in a file": {
            downwardAPI: items("annotations", { fieldRef: { fieldPath: "metadata.annotations" } }),
        },
        "its limits in a file": {
            downwardAPI: items("cpu", { resourceFieldRef: { containerName: "app", resource: "limits.cpu" } }),
        },
        "a read-only claim": { persistentVolumeClaim: { claimName: "shared", readOnly: true } },
        "a generic ephemeral volume of a class": {
            ephemeral: { volumeClaimTemplate: { spec: { ...claim, storageClassName: "managed-csi" } } },
        },
        "the token and CA of the API server": {
            projected: {
                sources: [
                    { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
                    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
                    { downwardAPI: items("namespace", { fieldRef: { fieldPath: "metadata.namespace" } }) },
                ],
            },
        },
        "the token of Azure's workload identity": {
            projected: {
                sources: [
                    { serviceAccountToken: { path: "azure-identity-token", audience: "api://AzureADTokenExchange" } },
                ],
            },
        },
        "the token of AWS's roles for service accounts": {
            projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.amazonaws.com" } }] },
        },
    },
    mounted,
).map(({ what, edit }) => ({ what: `a volume with ${what}`, edit }));

const MOUNTS = each<object>(
    {
        "one file of a volume": { subPath: "app.yaml", readOnly: true },
        "a folder for each pod": { subPathExpr: "$(POD)" },
        "a volume that it may not change": { readOnly: true },
        "a volume without the node's later mounts": { mountPropagation: "None" },
    },
    (mount) => (template) => {
        field("volumes", [{ name: "data", emptyDir: {} }])(template);
        container({
            env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
            volumeMounts: [{ name: "data", mountPath: "/data", ...mount }],
        })(template);
    },
);

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const repository = (image: unknown) => String(image).replace(/[:@][^/]*$/, "");
const IMAGES = each<(repository: string) => string>(
    {
        "an image without a tag": (name) => name,
        "an image by tag": (name) => `${name}:1.4.2-rc.1`,
        "an image by digest": (name) => `${name}@${DIGEST}`,
        "an image by tag and digest": (name) => `${name}:1.4.2@${DIGEST}`,
        "an image in a folder of the registry": (name) => `${name}/api/v2:1`,
    },
    (image) =>
        ({ spec }) => {
            spec.containers[0].image = image(repository(spec.containers[0].image));
        },
);

const TOLERATIONS = [
    { key: "dedicated", operator: "Exists" },
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
    { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
    { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
    { key: "karpenter.sh/disrupted", operator: "Exists" },
].map((toleration) => ({
    what: `a toleration of ${toleration.key}`,
    edit: field("tolerations", [toleration]),
}));

const RESOURCES = [
    ...["nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.5gb", "amd.com/gpu", "gpu.intel.com/i915"],
    ...["sgx.intel.com/epc", "aws.amazon.com/neuron", "google.com/tpu", "habana.ai/gaudi"],
    ...["hugepages-2Mi", "ephemeral-storage"],
].map((resource) => {
    const amount = resource.includes("/") ? "1" : "64Mi";
    return {
        what: `the resource ${resource}`,
        edit: container({ resources: { limits: { cpu: "1", [resource]: amount } } }),
    };
});

const SYSCTLS = Object.entries({
    "kernel.shm_rmid_forced": "1",
    "net.ipv4.ip_local_port_range": "1024 65535",
    "net.ipv4.ip_local_reserved_ports": "8080",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_keepalive_time": "600",
    "net.ipv4.tcp_keepalive_intvl": "30",
    "net.ipv4.tcp_keepalive_probes": "5",
    "net.ipv4.tcp_fin_timeout": "30",
}).map(([name, value]) => ({ what: `the sysctl ${name}`, edit: podSecurity({ sysctls: [{ name, value }] }) }));

const SECURITY: OrdinaryPod[] = [
    ...each<Record<string, unknown>>(
        {
            "a seccomp profile of the node": {
                seccompProfile: { type: "Localhost", localhostProfile: "profiles/app.json" },
            },
            "an SELinux level": { seLinuxOptions: { level: "s0:c123,c456" } },
            "an SELinux type of containers": { seLinuxOptions: { type: "container_t" } },
            "groups of its volumes": {
                fsGroup: 2000,
                fsGroupChangePolicy: "OnRootMismatch",
                supplementalGroups: [3000, 4000],
            },
            "the runtime's AppArmor profile": { appArmorProfile: { type: "RuntimeDefault" } },
            "an AppArmor profile of the node": { appArmorProfile: { type: "Localhost", localhostProfile: "app" } },
        },
        podSecurity,
    ),
    ...each<Record<string, unknown>>(
        {
            "another user for a container": { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true },
            "a seccomp profile for a container": { seccompProfile: { type: "RuntimeDefault" } },
            "a port below 1024": { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } },
            "the default procMount": { procMount: "Default" },
            "privileged: false": { privileged: false },
        },
        security,
    ),
];

const OF_THE_POD: [string, object][] = [
    ...[
        ...["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels['app']", "spec.nodeName"],
        ...["spec.serviceAccountName", "status.hostIP", "status.podIP", "status.podIPs"],
    ].map((fieldPath): [string, object] => [fieldPath, { fieldRef: { fieldPath } }]),
    ...["limits.cpu", "limits.memory", "requests.cpu", "requests.memory"].map((resource): [string, object] => [
        resource,
        { resourceFieldRef: { resource } },
    ]),
];
const ENVIRONMENT = OF_THE_POD.map(([what, valueFrom]) => ({
    what: `the variable ${what}`,
    edit: container({ env: [{ name: "OF_THE_POD", valueFrom }] }),
}));

const ANNOTATIONS = Object.entries({
    "argocd.argoproj.io/sync-wave": "1",
    "azure.workload.identity/inject-proxy-sidecar": "false",
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "descheduler.alpha.kubernetes.io/evict": "true",
    "fluentbit.io/parser": "json",
    "karpenter.sh/do-not-disrupt": "true",
    "kubectl.kubernetes.io/default-container": "app",
    "kubectl.kubernetes.io/default-logs-container": "app",
    "meta.helm.sh/release-name": "app",
    "prometheus.io/path": "/metrics",
    "reloader.stakater.com/auto": "true",
    rollme: "x7Fq2",
    "sidecar.istio.io/proxyMemory": "128Mi",
    "sidecar.istio.io/logLevel": "warning",
    "traffic.sidecar.istio.io/includeOutboundIPRanges": "*",
    "vault.hashicorp.com/role": "app",
}).map(([key, value]) => ({ what: `the annotation ${key}`, edit: annotate(key, value) }));

const LABELS = Object.entries({
    "app.kubernetes.io/instance": "app",
    "app.kubernetes.io/managed-by": "Helm",
    "app.kubernetes.io/name": "app",
    "app.kubernetes.io/version": "1.4.2",
    "azure.workload.identity/use": "true",
    "helm.sh/chart": "app-1.4.2",
    "security.istio.io/tlsMode": "istio",
    "service.istio.io/canonical-revision": "v2",
    "sidecar.istio.io/inject": "true",
    tier: "backend",
    "topology.istio.io/subzone": "rack-1",
    version: "v2",
}).map(([key, value]) => ({ what: `the label ${key}`, edit: label(key, value) }));

const term = (topologyKey: string) => ({ topologyKey, labelSelector: { matchLabels: { app: "app" } } });
const nodes = (key: string, values: string[]) => ({ matchExpressions: [{ key, operator: "In", values }] });
const POD_FIELDS = each<Record<string, unknown>>(
    {
        "nodes of a pool": { nodeSelector: { agentpool: "apps", "kubernetes.io/arch": "amd64" } },
        "nodes of some zones": {
            affinity: {
                nodeAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                        nodeSelectorTerms: [nodes("topology.kubernetes.io/zone", ["westeurope-1", "westeurope-2"])],
                    },
                },
            },
        },
        "a node of its own": {
            affinity: {
                podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("kubernetes.io/hostname")] },
            },
        },
        "the node of another pod": {
            affinity: {
                podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("topology.kubernetes.io/zone")] },
            },
        },
        "a spread over zones": {
            topologySpreadConstraints: [
                {
                    ...term("topology.kubernetes.io/zone"),
                    maxSkew: 1,
                    minDomains: 2,
                    whenUnsatisfiable: "DoNotSchedule",
                },
            ],
        },
        "no links to services": { enableServiceLinks: false },
        "a stable name": { hostname: "app-0", subdomain: "app" },
        "its full name": { hostname: "app-0", subdomain: "app", setHostnameAsFQDN: true },
        "shared processes": { shareProcessNamespace: true },
        "no token": { automountServiceAccountToken: false },
        "its service account": { serviceAccountName: "default" },
        "a readiness gate": { readinessGates: [{ conditionType: "example.com/registered" }] },
        "the system": { os: { name: "linux" } },
        "the cluster's DNS": { dnsPolicy: "ClusterFirst" },
        "a search domain": {
            dnsConfig: { searches: ["orders.svc.cluster.local"], options: [{ name: "ndots", value: "1" }] },
        },
        "time to shut down": { terminationGracePeriodSeconds: 120 },
    },
    (fields) =>
        ({ spec }) => {
            Object.assign(spec, fields);
        },
);

const CONTAINERS = each<Record<string, unknown>>(
    {
        "an image that is always pulled": { imagePullPolicy: "Always" },
        "a working folder": { workingDir: "/tmp" },
        arguments: { args: ["--config", "/data/app.yaml", "--port=8080"] },
        "a message at its end": {
            terminationMessagePath: "/dev/termination-log",
            terminationMessagePolicy: "FallbackToLogsOnError",
        },
        "an input": { stdin: true, tty: true },
        "several ports": {
            ports: [
                { name: "http", containerPort: 8080 },
                { name: "grpc", containerPort: 9090 },
                { name: "dns", containerPort: 5353, protocol: "UDP" },
            ],
        },
        "a prefix for its settings": { envFrom: [{ prefix: "APP_", secretRef: { name: "keys", optional: true } }] },
        "a variable of others": {
            env: [
                { name: "A", value: "b" },
                { name: "C", value: "$(A)/c" },
            ],
        },
        "equal requests and limits": {
            resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
        },
    },
    container,
);

/** Each passes in a pod, and in a Deployment. */
export const FIELDS: OrdinaryPod[] = [
    ...PROBES,
    ...HOOKS,
    ...VOLUMES,
    ...MOUNTS,
    ...IMAGES,
    ...TOLERATIONS,
    ...RESOURCES,
    ...SYSCTLS,
    ...SECURITY,
    ...ENVIRONMENT,
    ...ANNOTATIONS,
    ...LABELS,
    ...POD_FIELDS,
    ...CONTAINERS,
];
