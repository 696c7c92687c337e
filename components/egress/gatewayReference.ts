import * as pulumi from "@pulumi/pulumi";

/** The gateway that a route or a credential belongs to. An `EgressGateway` is one. */
export interface GatewayReference {
    /** Name of the gateway's service and of its Istio `Gateway`. */
    gatewayName: pulumi.Input<string>;
    /** Namespace of the gateway. */
    namespace: pulumi.Input<string>;
    /** Trust domain of the callers' identities. Default: `cluster.local`. */
    trustDomain?: pulumi.Input<string>;
    /** Whether the gateway also accepts calls in plaintext. Default: false. */
    plaintextPort?: pulumi.Input<boolean>;
    /** Names of the credentials whose files are mounted into the gateway. Default: none. */
    mountedCredentials?: pulumi.Input<string[]>;
    /** Version of the gateway's Istio, such as `1.31.0`; wildcard hosts need it. Default: not known. */
    istioVersion?: pulumi.Input<string>;
    /** IP families of its pods: `ipv4`, `ipv6` or `dualStack`; wildcard hosts depend on it. Default: `ipv4`. */
    ipFamilies?: pulumi.Input<string>;
}
