import { groupBy } from "../groupBy";
import { Call, callsIn } from "./calls";
import { RuleLookup, ruleLookup } from "./effectiveRules";
import { CredentialUse, credentialUses } from "./credentials";
import { Inventory } from "./inventory";
import { Transport, gatewayTransports } from "./transports";

/** What every rule looks at, read once for all of them. */
export interface Mesh extends Inventory {
    rulesFor: RuleLookup;
    calls: Call[];
    callsByHost: Map<string, Call[]>;
    credentialUses: CredentialUse[];
    /** Every way that a route takes from a gateway on. */
    transports: Transport[];
    /** The hosts that some gateway leads calls to. */
    hostsBehindGateways: Set<string>;
}

export function meshOf(inventory: Inventory): Mesh {
    const rulesFor = ruleLookup(inventory);
    const calls = callsIn(inventory, rulesFor);
    const transports = gatewayTransports(inventory);
    return {
        ...inventory,
        rulesFor,
        calls,
        callsByHost: groupBy(calls, ({ host }) => host),
        credentialUses: credentialUses(inventory, calls),
        transports,
        hostsBehindGateways: new Set(transports.map(({ destination }) => destination.host)),
    };
}
