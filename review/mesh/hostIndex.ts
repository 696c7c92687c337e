import { covers, isWildcard } from "../hosts";

/** Finds things by the host, or the wildcard, that they are for, without looking at all of them. */
export class HostIndex<T> {
    private readonly byHost = new Map<string, T[]>();
    private readonly wildcards = new Set<string>();
    /** Wildcards that do not begin at a dot, such as `*-eu.partner.example`. */
    private readonly oddWildcards: string[] = [];
    private bySuffix: Map<string, string[]> | undefined;

    constructor(items: Iterable<T>, hostsOf: (item: T) => Iterable<string>) {
        for (const item of items) {
            for (const host of new Set(hostsOf(item))) {
                const own = this.byHost.get(host);
                if (own) {
                    own.push(item);
                } else {
                    this.byHost.set(host, [item]);
                    if (isWildcard(host)) {
                        this.wildcards.add(host);
                        if (host !== "*" && host[1] !== ".") {
                            this.oddWildcards.push(host);
                        }
                    }
                }
            }
        }
    }

    /** Things for this very host. */
    exact(host: string): readonly T[] {
        return this.byHost.get(host) ?? [];
    }

    /** The hosts and wildcards that cover a host, itself first, then the longest. */
    patternsFor(host: string): string[] {
        const found = this.byHost.has(host) ? [host] : [];
        if (this.wildcards.size === 0) {
            return found;
        }
        const rest = host.startsWith("*") ? host.slice(1) : host;
        for (let dot = rest.indexOf("."); dot >= 0; dot = rest.indexOf(".", dot + 1)) {
            this.add(`*${rest.slice(dot)}`, host, found);
        }
        for (const odd of this.oddWildcards) {
            if (covers(odd, host)) {
                this.add(odd, host, found);
            }
        }
        this.add("*", host, found);
        return found;
    }

    /** Things whose host covers this one. */
    covering(host: string): T[] {
        return this.ofAll(this.patternsFor(host));
    }

    /** Things whose host is covered by this one; for a name only what is for that name. */
    coveredBy(pattern: string): T[] {
        if (!isWildcard(pattern)) {
            return [...this.exact(pattern)];
        }
        return this.ofAll(this.hostsBelow(pattern));
    }

    /** Things for which there is a name that this host stands for too. */
    overlapping(host: string): T[] {
        const covering = this.covering(host);
        return isWildcard(host) ? [...new Set([...covering, ...this.coveredBy(host)])] : covering;
    }

    private ofAll(hosts: string[]): T[] {
        return hosts.length < 2
            ? hosts.flatMap((host) => this.exact(host))
            : [...new Set(hosts.flatMap((host) => this.exact(host)))];
    }

    private add(pattern: string, host: string, found: string[]): void {
        if (pattern !== host && this.wildcards.has(pattern)) {
            found.push(pattern);
        }
    }

    private hostsBelow(pattern: string): string[] {
        if (pattern === "*" || pattern[1] !== ".") {
            return [...this.byHost.keys()].filter((host) => covers(pattern, host));
        }
        this.bySuffix ??= suffixes(this.byHost.keys());
        return this.bySuffix.get(pattern.slice(1)) ?? [];
    }
}

/** The hosts by each part of their name that begins at a dot. */
function suffixes(hosts: Iterable<string>): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const host of hosts) {
        for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
            const suffix = host.slice(dot);
            const own = found.get(suffix);
            if (own) {
                own.push(host);
            } else {
                found.set(suffix, [host]);
            }
        }
    }
    return found;
}
