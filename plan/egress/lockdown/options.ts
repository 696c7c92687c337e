import { ClusterPolicy } from "./clusterPolicy";
import { PolicyEngine } from "./policyEngine";
import { ServiceType } from "./serviceType";
import { HTTPS_PORT } from "../../shared/ports";

/** A destination of the gateway: exactly one of `range`, `namespace` and `internet`. */
export interface GatewayDestination {
    /**
     * Address range in CIDR notation. The whole address space is refused.
     *
     * @example "203.0.113.0/24"
     */
    range?: string;
    /** Namespace of servers in this cluster. */
    namespace?: string;
    /**
     * Whether the destination is every public address. Private networks and link-local addresses, such as the cloud's
     * metadata service, stay closed.
     */
    internet?: boolean;
    /**
     * TCP ports. An empty list is refused. Default: 443.
     *
     * @example [443, 8443]
     */
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
    /**
     * Namespaces that may leave the cluster only through the gateway. An empty list is refused.
     *
     * @example ["payments", "orders"]
     */
    namespaces: string[];
    /**
     * Whether to create those namespaces with their labels. Existing namespaces need the labels in the output
     * `namespaceLabels`. Default: true.
     */
    createNamespaces?: boolean;
    /**
     * Engine that enforces NetworkPolicies in the cluster. `none` is refused. The lockdown also tests the engine by
     * sending packets.
     */
    policyEngine: PolicyEngine;
    /**
     * Kind of cluster-wide policies, which deny locked namespaces everything except the namespaces that they may reach,
     * even if their NetworkPolicies are missing. The engine must support the kind. Not tested on these engines.
     * Default: `none`.
     */
    clusterPolicy?: ClusterPolicy;
    /**
     * Whether the gateway's pods leave through an AKS static egress gateway. True is refused, because NetworkPolicies
     * do not apply there. Default: false.
     */
    staticEgressGateway?: boolean;
    /**
     * Destinations that the gateway may open connections to. An empty list is refused.
     *
     * @example [{ range: "203.0.113.0/24", ports: [443] }, { namespace: "partner-stand-in" }]
     */
    gatewayEgress: GatewayDestination[];
    /**
     * Servers in this cluster that the locked namespaces may call without the gateway. The lockdown's NetworkPolicies
     * and Sidecars allow these calls, and the servers' own sidecars refuse other ports. The namespaces must exist. The
     * servers can forward what they receive, so they must be trusted. Default: none, and locked namespaces call only
     * the gateway.
     *
     * @example [{ namespace: "orders", ports: [8080] }]
     */
    alsoReaches?: InClusterDestination[];
    /**
     * Pods that may read the metrics of the gateway's pods, on ports 15020 and 15090. Default: none.
     *
     * @example { namespace: "monitoring", podLabels: { "app.kubernetes.io/name": "prometheus" } }
     */
    scraper?: MetricsScraper;
    /**
     * Address ranges of the cluster's pods and services, in CIDR notation. Addresses of routes and ranges of
     * `gatewayEgress` that are among them are refused, because a locked pod could answer there as if it were the partner.
     * Default: none, and only names of services are checked. An `AksEgressEnvironment` knows its ranges.
     *
     * @example ["10.244.0.0/16", "10.0.0.0/16"]
     */
    clusterRanges?: string[];
    /**
     * Address ranges of a DNS cache on the nodes (NodeLocal DNSCache, LocalDNS of AKS), in CIDR notation: the addresses
     * that it listens on, and the cluster DNS service's address if the cache answers for it. With `cilium`, a
     * CiliumNetworkPolicy also lets pods query port 53 of their own node. Default: none; the cluster's DNS service is
     * always allowed.
     *
     * @example ["169.254.20.10/32"]
     */
    nodeDnsRanges?: string[];
    /**
     * Address ranges that istiod may open connections to, in CIDR notation: those of the Kubernetes API server, and of servers of JSON Web
     * Key Sets if RequestAuthentications name any. Everything else but DNS is then denied to istiod, so that nobody can
     * make it call an address. After an API server has moved to an address that is not in the list, istiod no longer works.
     * Default: none, and istiod's egress is not restricted.
     *
     * @example ["203.0.113.10/32"]
     */
    controlPlaneEgress?: string[];
    /**
     * Whether Istio's CNI plugin redirects traffic. Then Pod Security can enforce the level `restricted`. Without the
     * plugin, every pod has an Istio init container with NET_ADMIN, and Pod Security only warns. Default: false.
     */
    istioCni?: boolean;
    /**
     * Registries of the images that locked pods may use, each a prefix of the full image name. A pull sends the image's
     * name and tag to its registry, so a public registry must be given with the organization. An empty list is refused.
     * The image of probes (`curlimages/curl`) is always allowed.
     * @example ["registry.example", "docker.io/library/nginx"]
     */
    imageRegistries: string[];
    /**
     * Namespaces of other egress gateways whose routes may have the same hosts. Their objects are neither refused nor
     * reported as claims of this gateway's hosts. Default: none.
     *
     * @example ["istio-egress-eu"]
     */
    sharedHostsWith?: string[];
    /**
     * Kinds that users of a locked namespace may write in addition to those of ordinary applications. Each entry is an
     * API group, a slash, and a plural resource name or `*`. An operator that acts on a kind may call addresses for its
     * users. Groups that change the network or the mesh are refused. Default: none.
     * @example ["monitoring.coreos.com/servicemonitors"]
     */
    allowedKinds?: string[];
    /**
     * Beginnings of annotations and labels on pods, Services, ConfigMaps, Secrets and PersistentVolumeClaims that are
     * refused by default. Because of them an agent of the cluster calls addresses or publishes names for their authors:
     * `ad.datadoghq.com`, `cdi.kubevirt.io`, `co.elastic`, `external-dns.alpha.kubernetes.io`, `getambassador.io`,
     * `io.opentelemetry.discovery` and `tailscale.com`; copies objects into other namespaces: `kubed.appscode.com`,
     * `reflector.v1.k8s.emberstack.com` and `replicator.v1.mittwald.de`; runs pods in other clusters: `kueue.x-k8s.io`
     * and `multicluster.admiralty.io`; or gives a Service pods of other clusters: `io.cilium` and `service.cilium.io`. Allow
     * one if its agent's own egress is restricted. Default: none.
     *
     * @example ["ad.datadoghq.com"]
     */
    allowedAnnotations?: string[];
    /**
     * Extended resources that locked pods may request in addition to those of every node and to GPUs, by full name. A
     * network card (SR-IOV, RDMA) sends packets past NetworkPolicies. Default: none.
     *
     * @example ["vendor.example/fpga"]
     */
    allowedResources?: string[];
    /**
     * RuntimeClasses that locked pods may have. A runtime can run the pod on another machine, or with a network of its
     * own. Default: none, and pods run in the nodes' own runtime.
     *
     * @example ["gvisor"]
     */
    allowedRuntimeClasses?: string[];
    /**
     * Types that Services in locked namespaces may have in addition to ClusterIP: `NodePort`, `LoadBalancer` or both.
     * Default: none.
     *
     * @example ["LoadBalancer"]
     */
    serviceTypes?: ServiceType[];
    /**
     * Schedule on which a CronJob in each locked namespace tries to get out, as the check after an update does. A run that
     * gets out fails. In the five fields of cron. Default: none; the check runs in updates only.
     *
     * @example "17 * * * *"
     */
    checkSchedule?: string;
    /**
     * Groups that may change the gateway's routes and credentials, and so the lockdown. Kubernetes' own groups are
     * refused, except the service accounts of a namespace. Default: none; users who already have these rights keep
     * them.
     *
     * @example ["egress-team", "system:serviceaccounts:deployment"]
     */
    administrators?: string[];
}

/** The options with their defaults. */
export interface ResolvedLockdown extends Required<Omit<EgressLockdownOptions, "scraper" | "checkSchedule">> {
    gatewayEgress: ResolvedDestination[];
    /** Pods that may read the gateway's metrics. If undefined, none can. */
    scraper?: MetricsScraper;
    /** Schedule of the check in each locked namespace. If undefined, it runs in updates only. */
    checkSchedule?: string;
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
            ports: destination.ports ?? [HTTPS_PORT],
        })),
        alsoReaches: options.alsoReaches ?? [],
        scraper: options.scraper,
        checkSchedule: options.checkSchedule,
        clusterRanges: options.clusterRanges ?? [],
        nodeDnsRanges: options.nodeDnsRanges ?? [],
        controlPlaneEgress: options.controlPlaneEgress ?? [],
        istioCni: options.istioCni ?? false,
        administrators: options.administrators ?? [],
        imageRegistries: options.imageRegistries,
        sharedHostsWith: options.sharedHostsWith ?? [],
        allowedAnnotations: options.allowedAnnotations ?? [],
        allowedResources: options.allowedResources ?? [],
        allowedRuntimeClasses: options.allowedRuntimeClasses ?? [],
        allowedKinds: options.allowedKinds ?? [],
        serviceTypes: options.serviceTypes ?? [],
    };
}
