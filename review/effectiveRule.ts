import { covers } from "./hosts";
import { DestinationRule, TlsSettings, tlsFor } from "./objects/destinationRule";
import { Inventory } from "./scene";
import { isPrivate, isVisible } from "./visibility";

/** The rules that the proxies of one namespace follow for one host. */
export interface EffectiveRules {
    /** For every proxy that no selector matches. */
    general?: DestinationRule;
    /** For the proxies that their selectors match. */
    selecting: DestinationRule[];
}

/**
 * Looks where Istio looks (PushContext.destinationRule): first in the proxy's namespace, then in the host's, then in the
 * root namespace; and in each only at the rules with the most specific host.
 */
export function effectiveRules(
    scene: Inventory,
    namespace: string,
    host: string,
    hostNamespace: string,
): EffectiveRules {
    const candidates = rulesCovering(scene, host);
    const isRoot = namespace === scene.rootNamespace;
    const local = candidates.filter(
        ({ ref, exportTo }) =>
            ref.namespace === namespace &&
            isVisible(exportTo, namespace, namespace) &&
            (!isRoot || isPrivate(exportTo, namespace)),
    );
    const exportedFrom = (owner: string) => {
        const rules = candidates.filter(({ ref, exportTo }) => ref.namespace === owner && !isPrivate(exportTo, owner));
        return mostSpecific(rules, host).filter(({ exportTo }) => isVisible(exportTo, owner, namespace));
    };
    for (const look of [
        () => mostSpecific(local, host),
        () => exportedFrom(hostNamespace),
        () => exportedFrom(scene.rootNamespace),
    ]) {
        const rules = look();
        if (rules.length > 0) {
            return together(rules);
        }
    }
    return { selecting: [] };
}

function rulesCovering({ rulesByHost, wildcards }: Inventory, host: string): DestinationRule[] {
    const wider = wildcards.filter((own) => own !== host && covers(own, host));
    return [host, ...wider].flatMap((own) => rulesByHost.get(own) ?? []);
}

/** All of these cover the host; itself, or the longest wildcard, is nearest to it. */
function mostSpecific(rules: DestinationRule[], host: string): DestinationRule[] {
    const exact = rules.filter((rule) => rule.host === host);
    const longest = Math.max(...rules.map((rule) => rule.host.length));
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
    return { selecting, general: { ...general[0], trafficPolicy, subsets: general.flatMap(({ subsets }) => subsets) } };
}

/** What a proxy without a selector of its own does with TLS towards a port of a host. */
export function effectiveTls(
    scene: Inventory,
    namespace: string,
    host: string,
    hostNamespace: string,
    port: number,
    subset?: string,
): TlsSettings | undefined {
    const { general } = effectiveRules(scene, namespace, host, hostNamespace);
    return general && tlsFor(general, port, subset);
}
