import * as pulumi from "@pulumi/pulumi";

/** The gateway of a route or a credential, such as an `EgressGateway`. */
export interface GatewayReference {
    /**
     * Name of the gateway's service and of its Istio `Gateway`.
     *
     * @example "egress-gateway"
     */
    gatewayName: pulumi.Input<string>;
    /** Namespace of the gateway. */
    namespace: pulumi.Input<string>;
    /**
     * Trust domain of the callers' identities. Default: `cluster.local`.
     *
     * @example "cluster.local"
     */
    trustDomain?: pulumi.Input<string>;
    /** Whether the gateway also accepts calls in plaintext. Default: false. */
    plaintextPort?: pulumi.Input<boolean>;
    /**
     * Names of the credentials that are mounted into the gateway as files. Default: none.
     *
     * @example ["partner"]
     */
    mountedCredentials?: pulumi.Input<string[]>;
    /**
     * Version of the gateway's Istio. Wildcard hosts need it. Default: not known.
     *
     * @example "1.31.0"
     */
    istioVersion?: pulumi.Input<string>;
    /**
     * IP families of its pods: `ipv4`, `ipv6` or `dualStack`. Wildcard hosts depend on it. Default: `ipv4`.
     *
     * @example "dualStack"
     */
    ipFamilies?: pulumi.Input<string>;
}
