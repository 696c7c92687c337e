import { IpFamilies } from "./ipFamilies";

/** A taint that the gateway's pods tolerate, as in a pod's `tolerations`. */
export interface GatewayToleration {
    /** The taint's key; empty with operator `Exists` for every taint. */
    key?: string;
    /** `Equal` or `Exists`. Default: `Equal`. */
    operator?: string;
    /** The taint's value, with operator `Equal`. */
    value?: string;
    /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default: all of them. */
    effect?: string;
}

/** Options of a gateway that are plain values. */
export interface EgressGatewayOptions {
    /**
     * Namespace of the gateway, its credentials and its routes. Never the mesh's root namespace. Default: `istio-egress`;
     * with `addon` `aks-istio-egress`, which AKS creates.
     */
    namespace?: string;
    /** Whether to create that namespace. Default: true. */
    createNamespace?: boolean;
    /** Name of the deployment, the service and the service account. Default: `egress-gateway`. */
    gatewayName?: string;
    /** Least number of replicas. From two on, a disruption budget keeps all but one. Default: 2. */
    minReplicas?: number;
    /** Largest number of replicas; more than `minReplicas` makes an autoscaler on CPU. Default: `minReplicas`. */
    maxReplicas?: number;
    /**
     * Whether to take calls in plaintext as well, on port 80, for routes that ask for it by name. The gateway does not
     * learn who makes such a call. Default: false.
     */
    plaintextPort?: boolean;
    /** Credentials to mount as files, by name, for routes that take them from there instead of over SDS. Default: none. */
    mountedCredentials?: string[];
    /**
     * Labels of the nodes that the gateway may run on, for a pool of its own. Default: every node.
     *
     * @example { "kubernetes.azure.com/agentpool": "egress" }
     */
    nodeSelector?: Record<string, string>;
    /**
     * Taints that the gateway tolerates, for a pool of its own. Default: none.
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
     * Worker threads of the gateway's Envoy, 1 to 256. One wins where callers and gateway share few cores, and keeps
     * fewer connections to partners; it also bounds a replica to one core. Default: Istio's, one a core of the CPU limit.
     */
    workers?: number;
    /**
     * IP families of the gateway's pods, which wildcard hosts depend on: as istiod sees them, or Envoy rejects the configuration. Default: `ipv4`.
     */
    ipFamilies?: IpFamilies;
}
