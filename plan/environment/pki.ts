/** Who makes and renews an environment's certificates. */
export const Pki = {
    /** The stack, with every update inside the renewal window. */
    Pulumi: "pulumi",
    /** cert-manager, in the cluster and without an update. */
    CertManager: "certManager",
} as const;
export type Pki = (typeof Pki)[keyof typeof Pki];
