import { MESH_DEFAULTS } from "../plan/mesh/meshOptions";

/** What the objects do not say themselves. Whatever is left out is taken as unknown. */
export interface ReviewContext {
    /** Istio's root namespace. Default: `istio-system`. */
    rootNamespace?: string;
    /**
     * What sidecars do with an undeclared host. Default: what a mesh configuration among the objects says. Without one, the
     * rules that depend on it find nothing.
     */
    outboundTrafficPolicy?: "REGISTRY_ONLY" | "ALLOW_ANY";
    /** Whether istiod gives entries addresses of their own (PILOT_ENABLE_IP_AUTOALLOCATE). Default: true, as Istio's. */
    ipAutoAllocation?: boolean;
    /** NetworkPolicies that may be open to every address, as `namespace/name`: the gateway's own. Default: none. */
    openPolicies?: string[];
    /** Days before a certificate's expiry from which it is reported. Default: 30. */
    certificateDays?: number;
    /** The time to compare certificates with. Default: now. */
    now?: Date;
}

/** What applies where a value is left out. */
export const REVIEW_DEFAULTS = {
    rootNamespace: MESH_DEFAULTS.namespace,
    ipAutoAllocation: true,
    certificateDays: 30,
} as const satisfies ReviewContext;
