import type { AnyObject } from "../../../lab/proof/cluster";
import { PodTemplate } from "../workloads";

/* What applications do every day: all of it passes in a locked namespace. */

export interface Ordinary {
    what: string;
    edit: (template: PodTemplate) => void;
}

const container =
    (fields: Record<string, unknown>) =>
    ({ spec }: PodTemplate) => {
        Object.assign(spec.containers[0], fields);
    };

const field =
    (name: string, value: unknown) =>
    ({ spec }: PodTemplate) => {
        spec[name] = value;
    };

const mounted = (source: object) => (template: PodTemplate) => {
    field("volumes", [{ name: "data", ...source }])(template);
    container({ volumeMounts: [{ name: "data", mountPath: "/data" }] })(template);
};

const probes = (action: object) => container({ livenessProbe: action, readinessProbe: action, startupProbe: action });

const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** Pods, and the same in a Deployment. */
export const ORDINARY_PODS: Ordinary[] = [
    { what: "as it is", edit: () => {} },
    { what: "a ConfigMap volume", edit: mounted({ configMap: { name: "settings" } }) },
    { what: "a Secret volume", edit: mounted({ secret: { secretName: "keys" } }) },
    { what: "an emptyDir in memory", edit: mounted({ emptyDir: { medium: "Memory", sizeLimit: "10Mi" } }) },
    { what: "a PersistentVolumeClaim", edit: mounted({ persistentVolumeClaim: { claimName: "data" } }) },
    { what: "a generic ephemeral volume", edit: mounted({ ephemeral: { volumeClaimTemplate: { spec: claim } } }) },
    {
        what: "the pod's own fields in a volume",
        edit: mounted({ downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } }),
    },
    {
        what: "a projected token for another audience",
        edit: mounted({
            projected: {
                sources: [
                    { serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 3600 } },
                    { configMap: { name: "settings" } },
                    { secret: { name: "keys" } },
                ],
            },
        }),
    },
    { what: "a GPU", edit: container({ resources: { limits: { "nvidia.com/gpu": "1", memory: "1Gi", cpu: "1" } } }) },
    {
        what: "tolerations of a node that fails",
        edit: field(
            "tolerations",
            ["not-ready", "unreachable"].map((state) => ({
                key: `node.kubernetes.io/${state}`,
                operator: "Exists",
                effect: "NoExecute",
                tolerationSeconds: 30,
            })),
        ),
    },
    {
        what: "annotations by which Prometheus finds it, and of its owner",
        edit: ({ metadata }) => {
            metadata.annotations = {
                "prometheus.io/scrape": "true",
                "prometheus.io/port": "8080",
                "team.example/owner": "x",
            };
        },
    },
    { what: "HTTP probes", edit: probes({ httpGet: { path: "/healthz", port: 8080 } }) },
    {
        what: "HTTP probes with a header",
        edit: probes({ httpGet: { path: "/", port: 8080, httpHeaders: [{ name: "X-Probe", value: "yes" }] } }),
    },
    { what: "TCP probes", edit: probes({ tcpSocket: { port: 8080 }, periodSeconds: 5 }) },
    { what: "gRPC probes", edit: probes({ grpc: { port: 8080, service: "health" } }) },
    { what: "probes by command", edit: probes({ exec: { command: ["true"] } }) },
    {
        what: "lifecycle hooks",
        edit: container({
            lifecycle: {
                postStart: { exec: { command: ["true"] } },
                preStop: { httpGet: { path: "/drain", port: 8080 } },
            },
        }),
    },
    {
        what: "a hook that sleeps",
        edit: (template) => {
            field("terminationGracePeriodSeconds", 30)(template);
            container({ lifecycle: { preStop: { sleep: { seconds: 3 } } } })(template);
        },
    },
    { what: "named ports", edit: container({ ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }] }) },
    { what: "resources", edit: container({ resources: { requests: { cpu: "10m" }, limits: { memory: "64Mi" } } }) },
    {
        what: "an environment",
        edit: container({
            env: [
                { name: "A", value: "b" },
                { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "key", optional: true } } },
                { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            ],
            envFrom: [{ configMapRef: { name: "settings", optional: true } }],
        }),
    },
    {
        what: "a read-only root file system",
        edit: ({ spec }) => Object.assign(spec.containers[0].securityContext, { readOnlyRootFilesystem: true }),
    },
    {
        what: "a second container and an init container",
        edit: ({ spec }) => {
            const [app] = spec.containers;
            spec.containers.push({ ...app, name: "helper" });
            spec.initContainers = [{ ...app, name: "first", command: ["true"] }];
        },
    },
    {
        what: "a sidecar of the application's own",
        edit: ({ spec }) => {
            spec.initContainers = [{ ...spec.containers[0], name: "own-sidecar", restartPolicy: "Always" }];
        },
    },
    {
        what: "placement",
        edit: ({ spec }) => {
            spec.nodeSelector = { "kubernetes.io/os": "linux" };
            spec.tolerations = [{ key: "dedicated", operator: "Equal", value: "payments", effect: "NoSchedule" }];
            spec.topologySpreadConstraints = [
                {
                    maxSkew: 1,
                    topologyKey: "kubernetes.io/hostname",
                    whenUnsatisfiable: "ScheduleAnyway",
                    labelSelector: { matchLabels: { app: "app" } },
                },
            ];
            spec.affinity = {
                podAntiAffinity: {
                    preferredDuringSchedulingIgnoredDuringExecution: [
                        {
                            weight: 1,
                            podAffinityTerm: {
                                topologyKey: "kubernetes.io/hostname",
                                labelSelector: { matchLabels: { app: "app" } },
                            },
                        },
                    ],
                },
            };
        },
    },
    { what: "names of its own for addresses", edit: field("hostAliases", [{ ip: "127.0.0.1", hostnames: ["me"] }]) },
    { what: "a DNS option", edit: field("dnsConfig", { options: [{ name: "ndots", value: "2" }] }) },
    { what: "pull secrets", edit: field("imagePullSecrets", [{ name: "registry" }]) },
    { what: "a group for its volumes", edit: ({ spec }) => Object.assign(spec.securityContext, { fsGroup: 65532 }) },
    {
        what: "a safe sysctl",
        edit: ({ spec }) =>
            Object.assign(spec.securityContext, {
                sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
            }),
    },
    {
        what: "annotations of everyday tools",
        edit: ({ metadata }) => {
            metadata.annotations = {
                "checksum/config": "0123",
                "prometheus.io/scrape": "true",
                "cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
                "kubectl.kubernetes.io/restartedAt": "2026-11-25T00:00:00Z",
                "sidecar.istio.io/proxyCPU": "50m",
            };
        },
    },
];

const made = (apiVersion: string, kind: string, rest: object): AnyObject => ({
    apiVersion,
    kind,
    metadata: { name: "try" },
    ...rest,
});

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "try" };

/** Everything that is not a pod, without a namespace. */
export const ORDINARY_OBJECTS: AnyObject[] = [
    made("v1", "ConfigMap", { data: { a: "b" } }),
    made("v1", "ConfigMap", {
        metadata: { name: "try", labels: { grafana_dashboard: "1" } },
        data: { "board.json": "{}" },
    }),
    made("v1", "ConfigMap", {
        metadata: { name: "try", labels: { app: "try" } },
        data: { "spring.datasource.url": "jdbc:postgresql://db/orders" },
    }),
    made("v1", "Secret", { stringData: { a: "b" } }),
    made("v1", "ServiceAccount", {}),
    made("v1", "PersistentVolumeClaim", { spec: claim }),
    made("v1", "Service", { spec: { ports: [{ port: 80 }], selector: { app: "try" } } }),
    made("v1", "Service", { spec: { clusterIP: "None", ports: [{ port: 80 }], selector: { app: "try" } } }),
    made("v1", "LimitRange", { spec: { limits: [{ type: "Container", default: { memory: "64Mi" } }] } }),
    made("v1", "ResourceQuota", { spec: { hard: { pods: "50" } } }),
    made("v1", "PodTemplate", { template: { spec: { containers: [{ name: "a", image: "a" }] } } }),
    made("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef: target, maxReplicas: 3 } }),
    made("policy/v1", "PodDisruptionBudget", {
        spec: { minAvailable: 1, selector: { matchLabels: { app: "try" } } },
    }),
    made("coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "me" } }),
    made("rbac.authorization.k8s.io/v1", "Role", {
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    made("rbac.authorization.k8s.io/v1", "RoleBinding", {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
        subjects: [{ kind: "ServiceAccount", name: "default" }],
    }),
    made("networking.k8s.io/v1", "NetworkPolicy", {
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] },
    }),
    made("networking.k8s.io/v1", "NetworkPolicy", {
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ podSelector: {} }] }] },
    }),
    made("networking.istio.io/v1", "VirtualService", {
        spec: { hosts: ["try"], http: [{ route: [{ destination: { host: "try" } }] }] },
    }),
    made("networking.istio.io/v1", "DestinationRule", {
        spec: { host: "try", trafficPolicy: { loadBalancer: { simple: "LEAST_REQUEST" } } },
    }),
    made("security.istio.io/v1", "AuthorizationPolicy", {
        spec: { selector: { matchLabels: { app: "try" } }, rules: [{ to: [{ operation: { methods: ["GET"] } }] }] },
    }),
    made("security.istio.io/v1", "PeerAuthentication", {
        spec: { selector: { matchLabels: { app: "try" } }, mtls: { mode: "STRICT" } },
    }),
];
