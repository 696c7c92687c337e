import { DestinationRule, TlsSettings, policies, tlsFor } from "../objects/destinationRule";
import { Inventory } from "./inventory";
import { remembered } from "../remembered";
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
    const byNamespace = new Map<string, Map<string, Map<string, EffectiveRules>>>();
    return (namespace, host, hostNamespace) => {
        const byOwner = remembered(byNamespace, namespace, () => new Map<string, Map<string, EffectiveRules>>());
        const byHost = remembered(byOwner, hostNamespace, () => new Map<string, EffectiveRules>());
        return remembered(byHost, host, () => effectiveRules(inventory, namespace, host, hostNamespace));
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
    const isRoot = namespace === rootNamespace;
    const covering = (owner: string) => rules.ofNamespace(owner).covering(host);
    const local = covering(namespace).filter(
        ({ exportTo }) => isVisible(exportTo, namespace, namespace) && (!isRoot || isPrivate(exportTo, namespace)),
    );
    if (local.length > 0) {
        return together(mostSpecific(local, host));
    }
    for (const owner of [hostNamespace, rootNamespace]) {
        const exported = covering(owner).filter(({ exportTo }) => !isPrivate(exportTo, owner));
        const found = mostSpecific(exported, host).filter(({ exportTo }) => isVisible(exportTo, owner, namespace));
        if (found.length > 0) {
            return together(found);
        }
    }
    return NO_RULES;
}

const NO_RULES: EffectiveRules = { selecting: [] };

/** All of these cover the host; itself, or the longest wildcard, is nearest to it. */
function mostSpecific(rules: DestinationRule[], host: string): DestinationRule[] {
    if (rules.length < 2) {
        return rules;
    }
    const exact = rules.filter((rule) => rule.host === host);
    const longest = rules.reduce((most, rule) => Math.max(most, rule.host.length), 0);
    return exact.length > 0 ? exact : rules.filter((rule) => rule.host.length === longest);
}

/** Rules for one host become one: the first policy, and the subsets of all. */
function together(rules: DestinationRule[]): EffectiveRules {
    if (rules.length === 1 && rules[0].workloadSelector === undefined) {
        return { selecting: [], general: rules[0] };
    }
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
        general: { ...general[0], ...policies(trafficPolicy, subsets) },
    };
}

/** What a proxy without a selector of its own does with TLS towards a port of a host. */
export function generalTls({ general }: EffectiveRules, port: number, subset?: string): TlsSettings | undefined {
    return general && tlsFor(general, port, subset);
}
