import { EffectiveRules, effectiveRules } from "./effectiveRule";
import { TlsSettings, tlsFor } from "./objects/destinationRule";
import { EntryPort, ServiceEntry } from "./objects/serviceEntry";
import { Inventory, isGatewayNamespace } from "./scene";
import { ELSEWHERE, isVisible } from "./visibility";

/** How the proxies of one namespace call one port of a host that they see, where no route leads them elsewhere. */
export interface Call {
    namespace: string;
    entry: ServiceEntry;
    host: string;
    port: EntryPort;
    rules: EffectiveRules;
    /** What proxies without a selector of their own do. */
    tls?: TlsSettings;
    /** Whether a gateway makes the call; else sidecars do. */
    byGateway: boolean;
}

export function callsIn(inventory: Inventory): Call[] {
    return inventory.serviceEntries.flatMap((entry) =>
        inventory.namespaces
            .filter((namespace) => isVisible(entry.exportTo, entry.ref.namespace, namespace))
            .flatMap((namespace) =>
                entry.hosts.flatMap((host) => {
                    const rules = effectiveRules(inventory, namespace, host, entry.ref.namespace);
                    const byGateway = isGatewayNamespace(inventory, namespace);
                    return entry.ports.map((port) => {
                        const tls = rules.general && tlsFor(rules.general, port.number);
                        return { namespace, entry, host, port, rules, tls, byGateway };
                    });
                }),
            ),
    );
}

/** Names the callers in a sentence. */
export function callersOf({ namespace }: Call): string {
    return namespace === ELSEWHERE ? "the sidecars of every namespace" : `the sidecars of namespace ${namespace}`;
}
