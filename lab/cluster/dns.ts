import { imageNames } from "../build/images";
import { dnsService } from "./addresses";
import type { KubeObject } from "./kubeApi";
import { apply, get } from "./kubeApi";
import { LabError } from "../errors";
import { until } from "./wait";

const namespace = "kube-system";
const labels = { "k8s-app": "kube-dns" };
const name = "coredns";

/**
 * No forwarding: the lab is closed, and a name outside it must fail at once rather than after a timeout. What stands for
 * the internet's DNS are names below dns.example, which are those of services: Kubernetes and Istio know them by others.
 */
const corefile = `.:53 {
    errors
    ready
    rewrite name suffix .dns.example .svc.cluster.local answer auto
    kubernetes cluster.local in-addr.arpa {
        pods insecure
    }
    cache 5
    reload
}
`;

const objects: KubeObject[] = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "system:coredns" },
        rules: [
            {
                apiGroups: [""],
                resources: ["endpoints", "services", "pods", "namespaces"],
                verbs: ["list", "watch"],
            },
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
        ],
    },
    {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "system:coredns" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { Corefile: corefile } },
    {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "kube-dns", namespace, labels } as KubeObject["metadata"],
        spec: {
            clusterIP: dnsService,
            selector: labels,
            ports: [
                { name: "dns", port: 53, protocol: "UDP" },
                { name: "dns-tcp", port: 53, protocol: "TCP" },
            ],
        },
    },
    {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace, labels } as KubeObject["metadata"],
        spec: {
            selector: { matchLabels: labels },
            template: {
                metadata: { labels },
                spec: {
                    serviceAccountName: name,
                    dnsPolicy: "Default",
                    containers: [
                        {
                            name,
                            image: imageNames.coredns,
                            args: ["-conf", "/etc/coredns/Corefile"],
                            readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
                            volumeMounts: [{ name: "config", mountPath: "/etc/coredns" }],
                        },
                    ],
                    volumes: [{ name: "config", configMap: { name } }],
                },
            },
        },
    },
];

export async function applyDns(): Promise<void> {
    // In this order, for the deployment's pod needs its service account and its configuration.
    for (const object of objects) await apply(object);
}

export async function dnsReady(): Promise<boolean> {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    const deployment = await get<{ status: { readyReplicas?: number } }>(path);
    return (deployment?.status.readyReplicas ?? 0) > 0;
}

export async function waitForDns(): Promise<void> {
    if (await until(dnsReady, 90)) return;
    throw new LabError(`CoreDNS is not ready after 90 s.\n${await whyNot()}`);
}

interface Event {
    type: string;
    reason: string;
    message: string;
}

/** What the cluster itself says is wrong: its last warnings. */
async function whyNot(): Promise<string> {
    const events = await get<{ items: Event[] }>(`/api/v1/namespaces/${namespace}/events`);
    const warnings = (events?.items ?? []).filter(({ type }) => type === "Warning").slice(-5);
    if (warnings.length === 0) return `The cluster has no warning about it; see the kubelet's log.`;
    return warnings.map(({ reason, message }) => `${reason}: ${message}`).join("\n");
}
