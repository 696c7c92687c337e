/**
 * Minor versions of Istio with which wildcard hosts at a gateway were run. The gateway's filter for them must name a DNS
 * cache exactly as istiod names it, which Istio does not promise to keep: add a version once `test/e2e/wildcards.test.ts`
 * has passed with it.
 */
export const WILDCARD_VERSIONS = ["1.31"] as const;

/** The minor version of a chart's or an image's: `1.31.2` -> `1.31`; undefined where the text is no version. */
export function minorVersion(version: string): string | undefined {
    return /^v?(\d+\.\d+)\.\d+(?:[-+].*)?$/.exec(version)?.[1];
}

/** Whether wildcard hosts were run with this version of Istio. */
export function isWildcardVersion(version: string): boolean {
    return (WILDCARD_VERSIONS as readonly (string | undefined)[]).includes(minorVersion(version));
}
