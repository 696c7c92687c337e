import { MESH_POD_PORTS, gatewaySelector } from "../../mesh/gateway";
import { ObjectMeta } from "../../shared/kubernetesObject";
import { destinationPeers } from "./destination";
import { GUARD_NAME, gatewayGuardName, guardMetadata } from "./guard";
import { InClusterDestination, MetricsScraper, ResolvedDestination } from "./options";
import { LockdownContext } from "./lockdown";
import { NODE_DNS_PODS } from "./nodeDns";
import { METRICS_PORTS } from "./scraper";
import { DNS_PORTS } from "../../shared/ports";

/** A NetworkPolicy in the API server's form. */
export interface NetworkPolicyObject {
    apiVersion: "networking.k8s.io/v1";
    kind: "NetworkPolicy";
    metadata: ObjectMeta;
    spec: NetworkPolicySpec;
}

export interface NetworkPolicySpec {
    podSelector: LabelSelector;
    policyTypes: string[];
    ingress?: { from: Peer[]; ports: Port[] }[];
    egress: { to: Peer[]; ports?: Port[] }[];
}

interface LabelSelector {
    matchLabels?: Record<string, string>;
}

type Peer = { ipBlock?: { cidr: string; except?: string[] } } & Record<string, unknown>;

interface Port {
    protocol: "TCP" | "UDP";
    port: number;
}

/** Port of istiod from which proxies get their configuration and certificates. */
export const DISCOVERY_PORT = 15012;

/** Labels of istiod's pods, of every revision. */
const ISTIOD = { app: "istiod" };

/** Name of what guards istiod. */
const CONTROL_PLANE_POLICY = "istiod.lockdown";

/** Cluster services that locked pods and the gateway need. */
export interface ClusterNeeds {
    meshNamespace: string;
    nodeDnsRanges: string[];
}

/**
 * Destinations of pods in a locked namespace: DNS, istiod, the gateway if a route allows the namespace, and the servers
 * in `alsoReaches`.
 */
export function lockedPolicy(
    namespace: string,
    { gateway, meshNamespace }: LockdownContext,
    nodeDnsRanges: string[],
    callers: string[],
    alsoReaches: InClusterDestination[] = [],
): NetworkPolicyObject {
    const toGateway = {
        to: [peer(gateway.namespace, gatewaySelector(gateway))],
        ports: tcp(MESH_POD_PORTS),
    };
    return policy(guardMetadata(GUARD_NAME, namespace), {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
            ...clusterNeeds({ meshNamespace, nodeDnsRanges }),
            ...(callers.includes(namespace) ? [toGateway] : []),
            ...alsoReaches.map((one) => ({ to: [peer(one.namespace)], ports: tcp(one.ports) })),
        ],
    });
}

/** Callers of the gateway, readers of its metrics, and the destinations of the gateway itself. */
export function gatewayPolicy(
    { gateway, meshNamespace }: LockdownContext,
    nodeDnsRanges: string[],
    callers: string[],
    destinations: ResolvedDestination[],
    scraper?: MetricsScraper,
): NetworkPolicyObject {
    return policy(guardMetadata(gatewayGuardName(gateway), gateway.namespace), {
        podSelector: { matchLabels: gatewaySelector(gateway) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            ...callers.map((namespace) => ({ from: [peer(namespace)], ports: tcp(MESH_POD_PORTS) })),
            ...(scraper ? [{ from: [peer(scraper.namespace, scraper.podLabels)], ports: tcp(METRICS_PORTS) }] : []),
        ],
        egress: [
            ...clusterNeeds({ meshNamespace, nodeDnsRanges }),
            ...destinations.map((destination) => ({
                to: destinationPeers(destination),
                ports: tcp(destination.ports),
            })),
        ],
    });
}

/** Destinations of istiod, which fetches keys for the mesh's users: DNS, and the ranges that were given. */
export function controlPlanePolicy(
    { meshNamespace }: LockdownContext,
    nodeDnsRanges: string[],
    ranges: string[],
): NetworkPolicyObject {
    return policy(guardMetadata(CONTROL_PLANE_POLICY, meshNamespace), {
        podSelector: { matchLabels: ISTIOD },
        policyTypes: ["Egress"],
        egress: [dns(nodeDnsRanges), { to: ranges.map((cidr) => ({ ipBlock: { cidr } })) }],
    });
}

export function clusterNeeds({ meshNamespace, nodeDnsRanges }: ClusterNeeds): NetworkPolicySpec["egress"] {
    return [dns(nodeDnsRanges), { to: [peer(meshNamespace, ISTIOD)], ports: tcp([DISCOVERY_PORT]) }];
}

function dns(nodeDnsRanges: string[]) {
    return {
        to: [
            peer("kube-system", { "k8s-app": "kube-dns" }),
            ...nodeDnsRanges.map((cidr) => ({ ipBlock: { cidr } })),
            ...(nodeDnsRanges.length > 0 ? [peer("kube-system", NODE_DNS_PODS)] : []),
        ],
        ports: [...DNS_PORTS],
    };
}

export function policy(metadata: ObjectMeta, spec: NetworkPolicySpec): NetworkPolicyObject {
    return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

function peer(namespace: string, podLabels?: Record<string, string>): Peer {
    return {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        ...(podLabels && { podSelector: { matchLabels: podLabels } }),
    };
}

function tcp(ports: number[]): Port[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}
