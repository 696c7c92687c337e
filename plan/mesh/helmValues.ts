/** Helm values as a plain tree. */
export type HelmValues = Record<string, unknown>;
