import { parseRange } from "../../shared/addressRange";
import { KubernetesObject } from "../../shared/kubernetesObject";
import { ClusterPolicy } from "./clusterPolicy";
import { GUARD_LABEL } from "./guard";
import { LockdownContext } from "./lockdown";
import { CILIUM_API_VERSION } from "./nodeDns";
import { ResolvedLockdown } from "./options";

/*
 * One rule, written for three policy engines: pods of locked namespaces reach only the namespaces that the lockdown
 * allows, and the DNS cache of their node. The NetworkPolicies restrict pods and ports within those namespaces.
 */

const NAMESPACE_LABEL = "kubernetes.io/metadata.name";
const EVERYTHING = ["0.0.0.0/0", "::/0"];

type Kind = Pick<KubernetesObject, "apiVersion" | "kind">;

/** A cluster-wide policy. Its `spec` is built once gateway and mesh are known. */
export interface ClusterWidePolicy extends Kind {
    key: string;
    spec: (context: LockdownContext) => Record<string, unknown>;
}

/** Namespaces that pods of a locked namespace may call. */
function reachable(options: ResolvedLockdown, { gateway, meshNamespace }: LockdownContext): string[] {
    const others = options.alsoReaches.map(({ namespace }) => namespace);
    return [...new Set(["kube-system", meshNamespace, gateway.namespace, ...options.namespaces, ...others])];
}

export function clusterPolicies(options: ResolvedLockdown): ClusterWidePolicy[] {
    switch (options.clusterPolicy) {
        case ClusterPolicy.None:
            return [];
        case ClusterPolicy.Cilium:
            return [
                {
                    key: "cluster-policy",
                    apiVersion: CILIUM_API_VERSION,
                    kind: "CiliumClusterwideNetworkPolicy",
                    spec: (context) => ciliumSpec(options, reachable(options, context)),
                },
            ];
        case ClusterPolicy.Calico:
            return [
                {
                    key: "cluster-policy",
                    apiVersion: "projectcalico.org/v3",
                    kind: "GlobalNetworkPolicy",
                    spec: (context) => calicoSpec(options, reachable(options, context)),
                },
            ];
        case ClusterPolicy.ClusterNetworkPolicy: {
            const kind = { apiVersion: "policy.networking.k8s.io/v1alpha2", kind: "ClusterNetworkPolicy" };
            return [
                {
                    ...kind,
                    key: "cluster-policy",
                    spec: (context) => adminSpec(options, reachable(options, context)),
                },
                // Denies the rest even if the NetworkPolicies are missing.
                { ...kind, key: "cluster-baseline", spec: () => baselineSpec(options) },
            ];
        }
    }
}

export function clusterWidePolicy(name: string, { apiVersion, kind }: Kind, spec: Record<string, unknown>) {
    // Cluster-scoped kinds have no namespace.
    const metadata = { name, labels: { [GUARD_LABEL]: "guard" } } as unknown as KubernetesObject["metadata"];
    return { apiVersion, kind, metadata, spec };
}

/**
 * In Cilium, no other policy can allow what a deny rule denies. The policy selects the pods, so traffic that no policy
 * allows is denied too.
 */
function ciliumSpec({ namespaces, nodeDnsRanges }: ResolvedLockdown, allowed: string[]) {
    const key = "k8s:io.kubernetes.pod.namespace";
    const entities = ["remote-node", "health", "ingress", "unmanaged", "kube-apiserver"];
    const butDns = [
        { port: "1", endPort: 52, protocol: "ANY" },
        { port: "54", endPort: 65535, protocol: "ANY" },
    ];
    const outside =
        nodeDnsRanges.length === 0
            ? [{ toEntities: ["world", "host", ...entities] }]
            : [
                  { toEntities: entities },
                  { toEntities: ["host"], toPorts: [{ ports: butDns }] },
                  { toCIDRSet: EVERYTHING.map((cidr) => ({ cidr, except: ofFamily(cidr, nodeDnsRanges) })) },
                  { toCIDR: nodeDnsRanges, toPorts: [{ ports: butDns }] },
              ];
    return {
        endpointSelector: { matchExpressions: [{ key, operator: "In", values: namespaces }] },
        egressDeny: [
            ...outside,
            {
                toEndpoints: [
                    {
                        // Without Exists, endpoints that are not pods would match too.
                        matchExpressions: [
                            { key, operator: "Exists" },
                            { key, operator: "NotIn", values: allowed },
                        ],
                    },
                ],
            },
        ],
    };
}

/** Evaluated before Kubernetes' NetworkPolicies, which have order 1000. What it does not deny is left to them. */
function calicoSpec({ namespaces, nodeDnsRanges }: ResolvedLockdown, allowed: string[]) {
    const notSelector = `projectcalico.org/namespace in ${set(allowed)}`;
    const butDns = nodeDnsRanges.length === 0 ? [] : ["UDP", "TCP"];
    return {
        order: 100,
        namespaceSelector: `${NAMESPACE_LABEL} in ${set(namespaces)}`,
        types: ["Egress"],
        egress: [
            ...butDns.map((protocol) => ({
                action: "Deny",
                protocol,
                destination: { nets: nodeDnsRanges, notPorts: [53], notSelector },
            })),
            {
                action: "Deny",
                destination: { notSelector, ...(nodeDnsRanges.length > 0 && { notNets: nodeDnsRanges }) },
            },
        ],
    };
}

function adminSpec({ namespaces, nodeDnsRanges }: ResolvedLockdown, allowed: string[]) {
    const dns = [{ udp: { destinationPort: { number: 53 } } }, { tcp: { destinationPort: { number: 53 } } }];
    return {
        tier: "Admin",
        priority: 100,
        subject: { namespaces: named(namespaces) },
        egress: [
            { name: "left-to-network-policies", action: "Pass", to: [{ namespaces: named(allowed) }] },
            ...(nodeDnsRanges.length > 0
                ? [{ name: "node-dns", action: "Pass", to: [{ networks: nodeDnsRanges }], protocols: dns }]
                : []),
            ...[{ networks: EVERYTHING }, { namespaces: {} }].map((to) => ({ action: "Deny", to: [to] })),
        ],
    };
}

function baselineSpec({ namespaces }: ResolvedLockdown) {
    return {
        tier: "Baseline",
        priority: 100,
        subject: { namespaces: named(namespaces) },
        egress: [{ action: "Deny", to: [{ networks: EVERYTHING }, { namespaces: {} }] }],
    };
}

function named(values: string[]) {
    return { matchExpressions: [{ key: NAMESPACE_LABEL, operator: "In", values }] };
}

function set(values: string[]): string {
    return `{ ${values.map((value) => `'${value}'`).join(", ")} }`;
}

function ofFamily(cidr: string, ranges: string[]): string[] {
    return ranges.filter((range) => parseRange(range)?.family === parseRange(cidr)?.family);
}
