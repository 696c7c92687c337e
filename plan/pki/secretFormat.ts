/** How Kubernetes keeps a credential; Istio reads both. */
export const SecretFormat = {
    /** Type `kubernetes.io/tls`. */
    Tls: "tls",
    /** Type `Opaque`, called generic by kubectl. */
    Generic: "generic",
} as const;
export type SecretFormat = (typeof SecretFormat)[keyof typeof SecretFormat];
