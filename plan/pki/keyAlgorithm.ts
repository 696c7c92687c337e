/** Algorithm of a chain's keys. */
export const KeyAlgorithm = {
    /** ECDSA on P-256, the default. Its signatures need much less CPU time than RSA's. */
    EcdsaP256: "ecdsaP256",
    /** RSA with 2048 bits, for partners that do not accept ECDSA. */
    Rsa2048: "rsa2048",
    /** RSA with 4096 bits. */
    Rsa4096: "rsa4096",
} as const;
export type KeyAlgorithm = (typeof KeyAlgorithm)[keyof typeof KeyAlgorithm];
