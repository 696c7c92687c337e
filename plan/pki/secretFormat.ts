/** Type of the Kubernetes secret with a credential. Istio reads both. */
export const SecretFormat = {
    /** Type `kubernetes.io/tls`. */
    Tls: "tls",
    /** Type `Opaque`, which kubectl calls generic. */
    Generic: "generic",
} as const;
export type SecretFormat = (typeof SecretFormat)[keyof typeof SecretFormat];
