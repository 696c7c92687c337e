import type { AnyObject } from "../../../lab/proof/cluster";
import { claim } from "./legitimateFields";

/* Everything that is not a pod and that everyday applications write. All of it passes in a locked namespace. */

export interface OrdinaryObject {
    what: string;
    /** Without a namespace. */
    object: AnyObject;
}

/** Kinds that the role `edit` has no rights on. */
const RIGHTS_OF_OWNERS = ["ControllerRevision", "Lease", "LimitRange", "PodTemplate", "ResourceQuota"];

/** Whether it takes more rights than the role `edit` has. */
export function needsOwner({ apiVersion = "", kind = "" }: AnyObject): boolean {
    return apiVersion.startsWith("rbac.") || RIGHTS_OF_OWNERS.includes(kind);
}

/** Objects of one kind, each by what is special about it. */
const of = (apiVersion: string, kind: string, objects: Record<string, object>): OrdinaryObject[] =>
    Object.entries(objects).map(([what, rest]) => ({
        what: `${kind} ${what}`,
        object: { apiVersion, kind, metadata: { name: "try" }, ...rest },
    }));
const specs = (apiVersion: string, kind: string, objects: Record<string, object>) =>
    of(apiVersion, kind, Object.fromEntries(Object.entries(objects).map(([what, spec]) => [what, { spec }])));

const metadata = (more: object) => ({ metadata: { name: "try", ...more } });
const selector = { app: "try" };
const matchLabels = selector;
const ports = [{ port: 80 }];
const text = (value: string) => Buffer.from(value).toString("base64");

const CORE: OrdinaryObject[] = [
    ...of("v1", "ConfigMap", {
        "as it is": { data: { a: "b" } },
        "with bytes": { binaryData: { a: text("b") } },
        "that never changes": { immutable: true, data: { a: "b" } },
        "with a dashboard for Grafana": {
            ...metadata({ labels: { grafana_dashboard: "1" } }),
            data: { "board.json": "{}" },
        },
        "whose key ends like a URL": {
            ...metadata({ labels: { app: "try" } }),
            data: { "spring.datasource.url": "jdbc:postgresql://db/orders" },
        },
        "of Helm": { ...metadata({ annotations: { "meta.helm.sh/release-name": "app" } }), data: { a: "b" } },
        "of kustomize": { ...metadata({ name: "try-5f7d8c9b6m" }), data: { "app.yaml": "port: 8080" } },
        "with an owner": {
            ...metadata({
                ownerReferences: [
                    {
                        apiVersion: "apps/v1",
                        kind: "Deployment",
                        name: "app",
                        uid: "6f1c2d3e-0000-4000-8000-000000000000",
                    },
                ],
            }),
            data: { a: "b" },
        },
    }),
    ...of("v1", "Secret", {
        "as it is": { stringData: { a: "b" } },
        "with a password": { type: "kubernetes.io/basic-auth", stringData: { username: "a", password: "b" } },
        "of a registry": {
            type: "kubernetes.io/dockerconfigjson",
            data: { ".dockerconfigjson": text('{"auths":{"registry.example":{"auth":"eDp5"}}}') },
        },
        "of a release of Helm": { type: "helm.sh/release.v1", stringData: { release: "H4sI" } },
        "that never changes": { immutable: true, stringData: { a: "b" } },
        "of External Secrets": {
            ...metadata({ labels: { "reconcile.external-secrets.io/managed": "true" } }),
            stringData: { a: "b" },
        },
        "of Sealed Secrets": {
            ...metadata({ annotations: { "sealedsecrets.bitnami.com/managed": "true" } }),
            stringData: { a: "b" },
        },
    }),
    ...of("v1", "ServiceAccount", {
        "as it is": {},
        "without a token": { automountServiceAccountToken: false },
        "with secrets of a registry": { imagePullSecrets: [{ name: "registry" }] },
        "of Azure's workload identity": metadata({
            annotations: { "azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000000" },
        }),
    }),
    ...specs("v1", "PersistentVolumeClaim", {
        "as it is": claim,
        "of a class": { ...claim, storageClassName: "managed-csi" },
        "for several pods": { ...claim, accessModes: ["ReadWriteMany"] },
        "of a block device": { ...claim, volumeMode: "Block" },
        "from another claim": { ...claim, dataSource: { kind: "PersistentVolumeClaim", name: "other" } },
        "from a snapshot": {
            ...claim,
            dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "yesterday" },
        },
    }),
    ...specs("v1", "Service", {
        "as it is": { ports, selector },
        "without an address": { clusterIP: "None", ports, selector },
        "of a StatefulSet": {
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [{ name: "redis", port: 6379 }],
            selector,
        },
        "of the type ClusterIP": { type: "ClusterIP", ports, selector },
        "with several ports": {
            ports: [
                { name: "http", port: 80, targetPort: "http", appProtocol: "http" },
                { name: "grpc", port: 9090, targetPort: 9090, appProtocol: "grpc" },
                { name: "dns", port: 53, protocol: "UDP" },
            ],
            selector,
        },
        "that keeps a client at its pod": { sessionAffinity: "ClientIP", ports, selector },
        "within the node": { internalTrafficPolicy: "Local", ports, selector },
        "of either family": { ipFamilyPolicy: "PreferDualStack", ports, selector },
    }),
    ...of("v1", "Service", {
        "that Prometheus reads": {
            ...metadata({ annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9090" } }),
            spec: { ports, selector },
        },
        "near its clients": {
            ...metadata({ annotations: { "service.kubernetes.io/topology-mode": "Auto" } }),
            spec: { ports, selector },
        },
    }),
    ...specs("v1", "LimitRange", {
        "for containers": { limits: [{ type: "Container", default: { memory: "64Mi" } }] },
        "for claims": { limits: [{ type: "PersistentVolumeClaim", max: { storage: "10Gi" } }] },
    }),
    ...specs("v1", "ResourceQuota", {
        "for pods": { hard: { pods: "50" } },
        "for what they request": {
            hard: { "requests.cpu": "10", "requests.memory": "20Gi", "count/jobs.batch": "100" },
        },
    }),
    ...of("v1", "PodTemplate", { "as it is": { template: { spec: { containers: [{ name: "a", image: "a" }] } } } }),
    ...of("apps/v1", "ControllerRevision", { "of a controller": { revision: 1, data: { spec: {} } } }),
    ...specs("coordination.k8s.io/v1", "Lease", {
        "as it is": { holderIdentity: "me" },
        "of a leader": { holderIdentity: "app-0", leaseDurationSeconds: 15, leaseTransitions: 1 },
    }),
];

const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "try" };
const metric = (name: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
});
const SCALING: OrdinaryObject[] = [
    ...specs("autoscaling/v2", "HorizontalPodAutoscaler", {
        "as it is": { scaleTargetRef, maxReplicas: 3 },
        "by CPU and memory": {
            scaleTargetRef,
            minReplicas: 2,
            maxReplicas: 9,
            metrics: [metric("cpu", 80), metric("memory", 70)],
        },
        "by a container's CPU": {
            scaleTargetRef,
            maxReplicas: 9,
            metrics: [
                {
                    type: "ContainerResource",
                    containerResource: {
                        name: "cpu",
                        container: "app",
                        target: { type: "Utilization", averageUtilization: 80 },
                    },
                },
            ],
        },
        "by a metric of its pods": {
            scaleTargetRef,
            maxReplicas: 9,
            metrics: [
                {
                    type: "Pods",
                    pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "100" } },
                },
            ],
        },
        "that scales down slowly": {
            scaleTargetRef,
            maxReplicas: 9,
            behavior: {
                scaleDown: {
                    stabilizationWindowSeconds: 600,
                    policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
                },
            },
        },
        "of a StatefulSet": { scaleTargetRef: { ...scaleTargetRef, kind: "StatefulSet" }, maxReplicas: 3 },
    }),
    ...specs("policy/v1", "PodDisruptionBudget", {
        "that keeps a pod": { minAvailable: 1, selector: { matchLabels } },
        "that loses one at a time": { maxUnavailable: 1, selector: { matchLabels } },
        "that lets sick pods go": {
            maxUnavailable: "25%",
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels },
        },
    }),
];

const group = { apiGroup: "rbac.authorization.k8s.io" };
const RIGHTS: OrdinaryObject[] = [
    ...of("rbac.authorization.k8s.io/v1", "Role", {
        "of a reader": { rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }] },
        "of an operator": {
            rules: [
                { apiGroups: ["apps"], resources: ["statefulsets"], verbs: ["*"] },
                { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
            ],
        },
    }),
    ...of("rbac.authorization.k8s.io/v1", "RoleBinding", {
        "of an account": {
            roleRef: { ...group, kind: "ClusterRole", name: "view" },
            subjects: [{ kind: "ServiceAccount", name: "default" }],
        },
        "of a group": {
            roleRef: { ...group, kind: "ClusterRole", name: "view" },
            subjects: [{ ...group, kind: "Group", name: "payments" }],
        },
    }),
];

const NETWORK: OrdinaryObject[] = specs("networking.k8s.io/v1", "NetworkPolicy", {
    "for calls of the namespace": {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: {} }] }],
    },
    "to pods of the namespace": { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ podSelector: {} }] }] },
    "that denies all calls to it": { podSelector: {}, policyTypes: ["Ingress"] },
    "that denies all calls of it": { podSelector: {}, policyTypes: ["Egress"] },
    "for an ingress gateway": {
        podSelector: { matchLabels },
        policyTypes: ["Ingress"],
        ingress: [
            {
                from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-ingress" } } }],
                ports: [{ protocol: "TCP", port: 8080 }],
            },
        ],
    },
    "for Prometheus": {
        podSelector: { matchLabels },
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "monitoring" } } }], ports: [{ port: 9090 }] }],
    },
    "for calls from some addresses": {
        podSelector: { matchLabels },
        ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }],
    },
    "to a database of the namespace": {
        podSelector: { matchLabels },
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: { matchLabels: { app: "db" } } }], ports: [{ port: 5432, endPort: 5433 }] }],
    },
});

const destination = (host: string, subset?: string) => ({ destination: { host, subset } });
const istio = "networking.istio.io/v1";
const security = "security.istio.io/v1";
const ISTIO: OrdinaryObject[] = [
    ...specs(istio, "VirtualService", {
        "of a service": { hosts: ["try"], http: [{ route: [destination("try")] }] },
        "with a canary": {
            hosts: ["try"],
            http: [
                {
                    route: [
                        { ...destination("try", "v1"), weight: 90 },
                        { ...destination("try", "v2"), weight: 10 },
                    ],
                },
            ],
        },
        "with retries and a timeout": {
            hosts: ["try"],
            http: [{ route: [destination("try")], timeout: "3s", retries: { attempts: 2, perTryTimeout: "1s" } }],
        },
        "by a header": {
            hosts: ["try"],
            http: [
                { match: [{ headers: { "x-user": { exact: "tester" } } }], route: [destination("try", "v2")] },
                { route: [destination("try", "v1")] },
            ],
        },
        "behind an ingress gateway": {
            hosts: ["shop.example"],
            gateways: ["istio-ingress/public"],
            http: [{ match: [{ uri: { prefix: "/api" } }], route: [destination("try")] }],
        },
        "with a fault": {
            hosts: ["try"],
            http: [{ fault: { delay: { fixedDelay: "1s", percentage: { value: 1 } } }, route: [destination("try")] }],
        },
    }),
    ...specs(istio, "DestinationRule", {
        "of a service": { host: "try", trafficPolicy: { loadBalancer: { simple: "LEAST_REQUEST" } } },
        "with versions": {
            host: "try",
            subsets: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
        },
        "with limits": {
            host: "try",
            trafficPolicy: {
                connectionPool: { http: { http2MaxRequests: 100 } },
                outlierDetection: { consecutive5xxErrors: 5, interval: "10s", baseEjectionTime: "30s" },
            },
        },
        "that keeps a user at a pod": {
            host: "try",
            trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: "x-user" } } },
        },
    }),
    ...specs(istio, "Gateway", {
        "of an ingress gateway": {
            selector: { istio: "ingressgateway" },
            servers: [{ port: { number: 443, name: "https", protocol: "HTTP" }, hosts: ["shop.example"] }],
        },
    }),
    ...specs(security, "AuthorizationPolicy", {
        "by method": { selector: { matchLabels }, rules: [{ to: [{ operation: { methods: ["GET"] } }] }] },
        "by caller": {
            selector: { matchLabels },
            rules: [{ from: [{ source: { principals: ["cluster.local/ns/orders/sa/orders"] } }] }],
        },
        "that allows nobody": {},
        "that denies a path": { action: "DENY", rules: [{ to: [{ operation: { paths: ["/admin/*"] } }] }] },
    }),
    ...specs(security, "PeerAuthentication", {
        "with mutual TLS": { selector: { matchLabels }, mtls: { mode: "STRICT" } },
        "with a port for health checks": {
            selector: { matchLabels },
            mtls: { mode: "STRICT" },
            portLevelMtls: { 8081: { mode: "PERMISSIVE" } },
        },
    }),
    ...specs(security, "RequestAuthentication", {
        "with its keys in it": {
            selector: { matchLabels },
            jwtRules: [{ issuer: "https://login.example", jwks: '{"keys":[]}' }],
        },
    }),
    ...specs("telemetry.istio.io/v1", "Telemetry", {
        "with a tag for metrics": {
            metrics: [
                {
                    providers: [{ name: "prometheus" }],
                    overrides: [{ tagOverrides: { team: { value: "'payments'" } } }],
                },
            ],
        },
        "with fewer traces": { tracing: [{ randomSamplingPercentage: 1 }] },
    }),
];

export const ORDINARY_OBJECTS: OrdinaryObject[] = [...CORE, ...SCALING, ...RIGHTS, ...NETWORK, ...ISTIO];
