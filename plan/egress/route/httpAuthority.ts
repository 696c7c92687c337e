import { isWildcard, wildcardDomain } from "../../shared/wildcard";

/** The labels that a wildcard stands for: one or more, with underscores as some services have them. */
const LABELS = "([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)+";

/**
 * Tells the hosts of a group apart. A host by itself needs no match: the VirtualService binds no other. A wildcard takes
 * names only: the proxy would dial a port that is given with one.
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
