import { parse } from "tldts";
import { validateHost } from "./host";
import { Violation } from "./violation";

const EXPECTED = 'a wildcard of a domain that one partner owns, such as "*.partner.example"';

/** Whether `host` is a wildcard for every name below a domain. */
export function isWildcard(host: string): boolean {
    return host.startsWith("*.");
}

/** The domain of a wildcard: `*.partner.example` -> `partner.example`. */
export function wildcardDomain(host: string): string {
    return host.slice("*.".length);
}

/**
 * Violations that keep a wildcard from covering the hosts of one partner only. Anybody can register a name below a
 * domain of the public suffix list. `sharedDomain` accepts those that a company registered for its customers.
 */
export function validateWildcard(path: string, host: string, sharedDomain: boolean): Violation[] {
    const domain = wildcardDomain(host);
    if (!isWildcard(host) || domain.includes("*")) {
        return [
            {
                path,
                value: host,
                problem: "has an asterisk that is not the first label of the name",
                expected: EXPECTED,
                fix: 'Write "*." followed by the domain, or list the hosts',
            },
        ];
    }
    const violations = validateHost(path, domain);
    if (violations.length > 0) {
        // A single label is a top-level domain here, not a service.
        return domain.includes(".") || domain === ""
            ? violations.map((violation) => ({ ...violation, value: host, expected: EXPECTED }))
            : [suffixOf(path, host, domain)];
    }
    const { publicSuffix, isPrivate } = parse(domain, { allowPrivateDomains: true });
    if (publicSuffix !== domain) {
        return [];
    }
    if (!isPrivate) {
        return [suffixOf(path, host, domain)];
    }
    return sharedDomain
        ? []
        : [
              {
                  path,
                  value: host,
                  problem: `covers other people's names: anybody can register a name below ${JSON.stringify(domain)}, and a workload could send data to it`,
                  expected: EXPECTED,
                  fix: "List your own hosts below it, or set sharedDomain: true to allow all of them",
              },
          ];
}

function suffixOf(path: string, host: string, domain: string): Violation {
    return {
        path,
        value: host,
        problem: `covers a whole public suffix: anybody can register a domain below ${JSON.stringify(domain)}`,
        expected: EXPECTED,
        fix: "Name the partner's own domain",
    };
}
