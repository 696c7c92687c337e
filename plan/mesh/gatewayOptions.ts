import { IpFamilies } from "./ipFamilies";

/** A taint that the gateway's pods tolerate, as in a pod's `tolerations`. */
export interface GatewayToleration {
    /**
     * The taint's key. Empty with operator `Exists` matches every taint.
     *
     * @example "egress"
     */
    key?: string;
    /**
     * `Equal` or `Exists`. Default: `Equal`.
     *
     * @example "Exists"
     */
    operator?: string;
    /** The taint's value, with operator `Equal`. */
    value?: string;
    /**
     * `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default: all of them.
     *
     * @example "NoSchedule"
     */
    effect?: string;
}

/** Options of a gateway that are plain values. */
export interface EgressGatewayOptions {
    /**
     * Namespace of the gateway, its credentials and its routes. The mesh's root namespace is refused. Default:
     * `istio-egress`, or with `addon` `aks-istio-egress`, which AKS creates.
     */
    namespace?: string;
    /** Whether to create that namespace. Default: true. */
    createNamespace?: boolean;
    /** Name of the deployment, the service and the service account. Default: `egress-gateway`. */
    gatewayName?: string;
    /**
     * Minimum number of replicas. With two or more, a disruption budget allows only one to be down at a time. Default:
     * 2.
     */
    minReplicas?: number;
    /**
     * Maximum number of replicas. If it is larger than `minReplicas`, an autoscaler on CPU is created. Default:
     * `minReplicas`.
     */
    maxReplicas?: number;
    /**
     * Whether to accept calls in plaintext too, on port 80, for routes with `gatewayTransport: "plaintext"`. The
     * gateway cannot know the caller of such a call. Default: false.
     */
    plaintextPort?: boolean;
    /**
     * Names of credentials to mount as files, for routes with `credentialSource: "files"`. Default: none.
     *
     * @example ["partner"]
     */
    mountedCredentials?: string[];
    /**
     * Labels of the nodes that the gateway may run on, for example of a separate node pool. Default: every node.
     *
     * @example { "kubernetes.azure.com/agentpool": "egress" }
     */
    nodeSelector?: Record<string, string>;
    /**
     * Taints that the gateway tolerates, for example of a separate node pool. Default: none.
     *
     * @example [{ key: "egress", operator: "Exists", effect: "NoSchedule" }]
     */
    tolerations?: GatewayToleration[];
    /**
     * CPU and memory requests and limits, as in a container's `resources`. Default: the chart's.
     *
     * @example { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "512Mi" } }
     */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the analyzer knows `any`, not `unknown`
    resources?: Record<string, any>;
    /**
     * Number of worker threads of the gateway's Envoy, 1 to 256. With 1, a replica uses at most one core and keeps
     * fewer connections to partners, which is faster if callers and gateway share few cores. Default: Istio's, one per
     * core of the CPU limit.
     */
    workers?: number;
    /**
     * IP families of the gateway's pods, as istiod sees them. Wildcard hosts depend on it: Envoy rejects their
     * configuration if it is wrong. Default: `ipv4`.
     */
    ipFamilies?: IpFamilies;
}

/** What applies where an option is left out. The add-on's gateways are in a namespace of their own. */
export const GATEWAY_DEFAULTS = {
    namespace: "istio-egress",
    gatewayName: "egress-gateway",
    minReplicas: 2,
} as const satisfies EgressGatewayOptions;
