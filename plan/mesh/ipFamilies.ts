/** IP families of a gateway's pods, which decide which addresses it looks up. */
export const IpFamilies = {
    /** IPv4, or both families in a mesh without istiod's `ISTIO_DUAL_STACK`. */
    Ipv4: "ipv4",
    /** IPv6 only. */
    Ipv6: "ipv6",
    /**
     * Both, in a mesh whose istiod has `ISTIO_DUAL_STACK`. Also IPv6 only, if istiod has
     * `ISTIO_ENABLE_IPV4_OUTBOUND_LISTENER_FOR_IPV6_CLUSTERS`.
     */
    DualStack: "dualStack",
} as const;
export type IpFamilies = (typeof IpFamilies)[keyof typeof IpFamilies];
