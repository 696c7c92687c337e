import { container, field } from "../workloads";
import { FIELDS, OrdinaryPod, claim, mounted } from "./legitimateFields";

/* Pods of everyday applications. All of them pass in a locked namespace. */

const probes = (action: object) => container({ livenessProbe: action, readinessProbe: action, startupProbe: action });

/** Pods, and the same in a Deployment. */
const TYPICAL: OrdinaryPod[] = [
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

export const ORDINARY_PODS: OrdinaryPod[] = [...TYPICAL, ...FIELDS];
