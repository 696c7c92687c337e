/** What Istio calls a control plane without a revision. */
export const DEFAULT_REVISION = "default";
