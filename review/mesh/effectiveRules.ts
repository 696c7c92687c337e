import { DestinationRule, TlsSettings, subsetsByName, tlsFor } from "../objects/destinationRule";
import { Inventory } from "./inventory";
import { isPrivate, isVisible } from "../visibility";

/** The rules that the proxies of one namespace follow for one host. */
export interface EffectiveRules {
    /** For every proxy that no selector matches. */
    general?: DestinationRule;
    /** For the proxies that their selectors match. */
    selecting: DestinationRule[];
}

/** Looks up effective rules, each once. */
export type RuleLookup = (namespace: string, host: string, hostNamespace: string) => EffectiveRules;

export function ruleLookup(inventory: Inventory): RuleLookup {
    const known = new Map<string, EffectiveRules>();
    return (namespace, host, hostNamespace) => {
        const key = `${namespace} ${hostNamespace} ${host}`;
        const found = known.get(key) ?? effectiveRules(inventory, namespace, host, hostNamespace);
        known.set(key, found);
        return found;
    };
}

/**
 * Looks where Istio looks (PushContext.destinationRule): first in the proxy's namespace, then in the host's, then in the
 * root namespace; and in each only at the rules with the most specific host.
 */
function effectiveRules(
    { rules, rootNamespace }: Inventory,
    namespace: string,
    host: string,
    hostNamespace: string,
): EffectiveRules {
    const patterns = rules.byHost.patternsFor(host);
    const isRoot = namespace === rootNamespace;
    const inNamespace = (owner: string) => patterns.flatMap((pattern) => rules.of(pattern, owner));
    const local = () =>
        inNamespace(namespace).filter(
            ({ exportTo }) => isVisible(exportTo, namespace, namespace) && (!isRoot || isPrivate(exportTo, namespace)),
        );
    const exportedFrom = (owner: string) => {
        const exported = inNamespace(owner).filter(({ exportTo }) => !isPrivate(exportTo, owner));
        return mostSpecific(exported, host).filter(({ exportTo }) => isVisible(exportTo, owner, namespace));
    };
    for (const look of [
        () => mostSpecific(local(), host),
        () => exportedFrom(hostNamespace),
        () => exportedFrom(rootNamespace),
    ]) {
        const found = look();
        if (found.length > 0) {
            return together(found);
        }
    }
    return { selecting: [] };
}

/** All of these cover the host; itself, or the longest wildcard, is nearest to it. */
function mostSpecific(rules: DestinationRule[], host: string): DestinationRule[] {
    const exact = rules.filter((rule) => rule.host === host);
    const longest = rules.reduce((most, rule) => Math.max(most, rule.host.length), 0);
    return exact.length > 0 ? exact : rules.filter((rule) => rule.host.length === longest);
}

/** Rules for one host become one: the first policy, and the subsets of all. */
function together(rules: DestinationRule[]): EffectiveRules {
    const selecting = rules.filter(({ workloadSelector }) => workloadSelector !== undefined);
    const general = rules.filter(({ workloadSelector, exportTo }) => {
        // Istio 1.31 merges a rule exported to "." alone into the one with a selector, and so loses it (run).
        const isLost = selecting.length > 0 && exportTo.length === 1 && exportTo[0] === ".";
        return workloadSelector === undefined && !isLost;
    });
    if (general.length === 0) {
        return { selecting };
    }
    const trafficPolicy = general.find((rule) => rule.trafficPolicy)?.trafficPolicy;
    const subsets = general.flatMap((rule) => rule.subsets);
    return {
        selecting,
        general: { ...general[0], trafficPolicy, subsets, subsetsByName: subsetsByName(subsets) },
    };
}

/** What a proxy without a selector of its own does with TLS towards a port of a host. */
export function generalTls({ general }: EffectiveRules, port: number, subset?: string): TlsSettings | undefined {
    return general && tlsFor(general, port, subset);
}
