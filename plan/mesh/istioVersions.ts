/**
 * Minor versions of Istio with which wildcard hosts at a gateway were tested. The gateway's filter must use the same
 * DNS cache name as istiod, and Istio does not promise to keep that name. Add a version only after
 * `test/e2e/wildcards.test.ts` has passed with it.
 */
export const WILDCARD_VERSIONS = ["1.31"] as const;

/** Minor version of a chart or image: `1.31.2` -> `1.31`. Undefined if the text is not a version. */
export function minorVersion(version: string): string | undefined {
    return /^v?(\d+\.\d+)\.\d+(?:[-+].*)?$/.exec(version)?.[1];
}

/** Whether wildcard hosts were tested with this version of Istio. */
export function isWildcardVersion(version: string): boolean {
    return (WILDCARD_VERSIONS as readonly (string | undefined)[]).includes(minorVersion(version));
}
