/** Engine that enforces NetworkPolicies in a cluster. The names are AKS's. */
export const PolicyEngine = {
    /** Azure Network Policy Manager. */
    Azure: "azure",
    /** Calico. */
    Calico: "calico",
    /** Azure CNI powered by Cilium, or Cilium of your own. */
    Cilium: "cilium",
    /** Another engine that enforces `networking.k8s.io/v1`. */
    Other: "other",
} as const;
export type PolicyEngine = (typeof PolicyEngine)[keyof typeof PolicyEngine];
