/** What the objects do not say themselves. Whatever is left out is taken as unknown. */
export interface ReviewContext {
    /** Istio's root namespace. Default: `istio-system`. */
    rootNamespace?: string;
    /** What sidecars do with a host that nobody declared. Without it, the rules that depend on it keep silent. */
    outboundTrafficPolicy?: "REGISTRY_ONLY" | "ALLOW_ANY";
    /** Whether istiod gives entries addresses of their own (PILOT_ENABLE_IP_AUTOALLOCATE). Default: true, as Istio's. */
    ipAutoAllocation?: boolean;
}
