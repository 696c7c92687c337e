import { ClusterPolicy } from "./clusterPolicy";
import { PolicyEngine } from "./policyEngine";
import { ServiceType } from "./serviceType";

/** What the gateway may open connections to: exactly one of `range`, `namespace` and `internet`. */
export interface GatewayDestination {
    /** Range of addresses in CIDR form, such as `203.0.113.0/24`. The whole address space is refused. */
    range?: string;
    /** Namespace of servers in this cluster. */
    namespace?: string;
    /** Every public address: neither private networks nor link-local ones with the cloud's metadata service. */
    internet?: boolean;
    /** TCP ports. An empty list is refused. Default: 443. */
    ports?: number[];
}

/** Servers in this cluster that the locked namespaces may call without the gateway. */
export interface InClusterDestination {
    /** Namespace of the servers. Neither the gateway's namespace nor one that runs the mesh or the cluster. */
    namespace: string;
    /**
     * TCP ports on which the servers' pods listen: a service's `targetPort`, not its `port`. An empty list is refused.
     *
     * @example [8080]
     */
    ports: number[];
}

/** Pods that read the metrics of the gateway's pods, such as Prometheus. */
export interface MetricsScraper {
    /** Namespace of the pods; not a locked one. */
    namespace: string;
    /**
     * Labels of the pods. Default: all pods of the namespace.
     *
     * @example { "app.kubernetes.io/name": "prometheus" }
     */
    podLabels?: Record<string, string>;
}

/** Options of a lockdown that are plain values. */
export interface EgressLockdownOptions {
    /** The namespaces whose only way out shall be the gateway. An empty list is refused. */
    namespaces: string[];
    /**
     * Whether to create those namespaces with their labels. Where they are there already, they need the labels of the
     * output `namespaceLabels`. Default: true.
     */
    createNamespaces?: boolean;
    /** What enforces NetworkPolicies in the cluster; `none` is refused. The lockdown checks it with packets as well. */
    policyEngine: PolicyEngine;
    /**
     * Cluster-wide policies that deny locked namespaces everything but the namespaces that they may reach, whatever becomes of
     * their NetworkPolicies. The engine must have the kind. Not tested on these engines. Default: `none`.
     */
    clusterPolicy?: ClusterPolicy;
    /**
     * Whether the gateway's pods leave through an AKS static egress gateway; true is refused, because NetworkPolicies do
     * not apply there. Default: false.
     */
    staticEgressGateway?: boolean;
    /**
     * What the gateway may open connections to. An empty list is refused.
     *
     * @example [{ range: "203.0.113.0/24", ports: [443] }, { namespace: "partner-stand-in" }]
     */
    gatewayEgress: GatewayDestination[];
    /**
     * Servers in this cluster that the locked namespaces may call without the gateway. Their NetworkPolicies, their Sidecars and
     * the servers' own sidecars follow from it. The namespaces must exist. Whatever runs there can pass on what it is sent.
     * Default: none, and locked namespaces call nothing in the cluster but the gateway.
     *
     * @example [{ namespace: "orders", ports: [8080] }]
     */
    alsoReaches?: InClusterDestination[];
    /**
     * Pods that may read the metrics of the gateway's pods, on ports 15020 and 15090. Default: none, and nobody can.
     *
     * @example { namespace: "monitoring", podLabels: { "app.kubernetes.io/name": "prometheus" } }
     */
    scraper?: MetricsScraper;
    /**
     * Address ranges of a DNS cache on the nodes (NodeLocal DNSCache, LocalDNS of AKS), in CIDR form: where it listens, and the
     * address of the cluster's DNS service if it answers for that. With `cilium`, pods may ask port 53 of their own node
     * as well, by a CiliumNetworkPolicy. Default: none; the cluster's DNS service is always allowed.
     *
     * @example ["169.254.20.10/32"]
     */
    nodeDnsRanges?: string[];
    /**
     * Whether Istio's CNI plugin redirects traffic, so that Pod Security can refuse what is not `restricted`; without it
     * every pod has an init container of Istio's with NET_ADMIN, and Pod Security only warns. Default: false.
     */
    istioCni?: boolean;
    /**
     * Registries of the images that locked pods may have, each the beginning of a full name. An image's name and tag are
     * text that reaches its registry, so a public registry needs the organization too. An empty list is refused. The
     * image of probes (`curlimages/curl`) is always allowed.
     * @example ["registry.example", "docker.io/library/nginx"]
     */
    imageRegistries: string[];
    /**
     * Kinds that users of a locked namespace may write in addition to those of ordinary applications, as API group and
     * resource in the plural, or `*` for all of a group. An operator that acts on them may call addresses for its users.
     * Groups that change the network or the mesh are refused. Default: none.
     * @example ["monitoring.coreos.com/servicemonitors"]
     */
    allowedKinds?: string[];
    /** Types that Services may have in addition to ClusterIP: `NodePort` or `LoadBalancer`. Default: none. */
    serviceTypes?: ServiceType[];
    /**
     * Groups that may change the gateway's routes and credentials, and so the lockdown. Groups of Kubernetes itself are
     * refused, but for the service accounts of a namespace. Default: only who may already.
     *
     * @example ["egress-team", "system:serviceaccounts:deployment"]
     */
    administrators?: string[];
}

/** The options with their defaults. */
export interface ResolvedLockdown extends Required<Omit<EgressLockdownOptions, "scraper">> {
    gatewayEgress: ResolvedDestination[];
    /** Who may read the gateway's metrics; nobody where there is none. */
    scraper?: MetricsScraper;
}

export interface ResolvedDestination extends GatewayDestination {
    ports: number[];
}

export function resolvedLockdown(options: EgressLockdownOptions): ResolvedLockdown {
    return {
        namespaces: options.namespaces,
        createNamespaces: options.createNamespaces ?? true,
        policyEngine: options.policyEngine,
        clusterPolicy: options.clusterPolicy ?? ClusterPolicy.None,
        staticEgressGateway: options.staticEgressGateway ?? false,
        gatewayEgress: options.gatewayEgress.map((destination) => ({
            ...destination,
            ports: destination.ports ?? [443],
        })),
        alsoReaches: options.alsoReaches ?? [],
        scraper: options.scraper,
        nodeDnsRanges: options.nodeDnsRanges ?? [],
        istioCni: options.istioCni ?? false,
        administrators: options.administrators ?? [],
        imageRegistries: options.imageRegistries,
        allowedKinds: options.allowedKinds ?? [],
        serviceTypes: options.serviceTypes ?? [],
    };
}
