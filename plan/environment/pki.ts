/** Issuer of an environment's certificates. */
export const Pki = {
    /** The stack. An update within the renewal window renews them. */
    Pulumi: "pulumi",
    /** cert-manager, which renews them in the cluster without an update. */
    CertManager: "certManager",
} as const;
export type Pki = (typeof Pki)[keyof typeof Pki];
