/** Seconds to wait for what a chart installs, where `timeoutSeconds` is left out. */
export const RELEASE_TIMEOUT_SECONDS = 300;
