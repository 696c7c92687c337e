import { addTo } from "../groupBy";
import { covers, isWildcard } from "../hosts";

const NOTHING: readonly never[] = [];

/** Finds things by the host, or the wildcard, that they are for, without looking at all of them. */
export class HostIndex<T> {
    private readonly byHost = new Map<string, T[]>();
    private readonly wildcards = new Set<string>();
    /** Wildcards that do not begin at a dot, such as `*-eu.partner.example`. */
    private readonly oddWildcards: string[] = [];
    private bySuffix: Map<string, string[]> | undefined;

    constructor(items: Iterable<T>, hostsOf: (item: T) => Iterable<string>) {
        for (const item of items) {
            for (const host of hostsOf(item)) {
                this.put(host, item);
            }
        }
    }

    /** An item that names a host twice is found once. */
    private put(host: string, item: T): void {
        const own = this.byHost.get(host);
        if (own) {
            if (own.at(-1) !== item) {
                own.push(item);
            }
            return;
        }
        this.byHost.set(host, [item]);
        if (isWildcard(host)) {
            this.wildcards.add(host);
            if (host !== "*" && host[1] !== ".") {
                this.oddWildcards.push(host);
            }
        }
    }

    /** Things for this very host. */
    exact(host: string): readonly T[] {
        return this.byHost.get(host) ?? NOTHING;
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
    covering(host: string): readonly T[] {
        return this.wildcards.size === 0 ? this.exact(host) : this.ofAll(this.patternsFor(host));
    }

    /** Things whose host is covered by this one; for a name only what is for that name. */
    coveredBy(pattern: string): readonly T[] {
        return isWildcard(pattern) ? this.ofAll(this.hostsBelow(pattern)) : this.exact(pattern);
    }

    /** Things for which there is a name that this host stands for too. */
    overlapping(host: string): readonly T[] {
        const covering = this.covering(host);
        return isWildcard(host) ? [...new Set([...covering, ...this.coveredBy(host)])] : covering;
    }

    private ofAll(hosts: string[]): readonly T[] {
        return hosts.length === 1 ? this.exact(hosts[0]) : [...new Set(hosts.flatMap((host) => this.exact(host)))];
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
            addTo(found, suffix, host);
        }
    }
    return found;
}
