import { isWildcard, wildcardDomain } from "../../shared/wildcard";

/**
 * Regular expression for the labels that a wildcard stands for: one or more, with underscores, which some services use.
 */
const LABELS = "([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)+";

/**
 * Match that distinguishes the hosts of a group. A single host needs none: the VirtualService has no other. For a
 * wildcard it accepts names without a port, because the proxy would dial the given port.
 */
export function authorityMatch(hosts: string[], host: string): { authority?: { regex: string } } {
    if (isWildcard(host)) {
        return { authority: { regex: `(?i)${LABELS}${escaped(wildcardDomain(host))}` } };
    }
    if (hosts.length === 1) {
        return {};
    }
    return { authority: { regex: `(?i)${escaped(host)}(:[0-9]+)?` } };
}

function escaped(host: string): string {
    return host.replaceAll(".", "\\.");
}
