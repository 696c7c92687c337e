import { AllowedCaller, accountsOf } from "../shared/caller";

/**
 * Tags that a gateway's proxy reads from the names of its statistics, as labels for Prometheus. Istio's bootstrap takes each from a part
 * `<tag>=.=<value>;.;` of the name, as it does for its own.
 */
export const ROUTE_TAGS = ["egress_host", "egress_caller"] as const;

/** Maximum length of a caller's label. A longer list of service accounts is replaced by its length. */
const LONGEST_CALLER = 60;

/**
 * Beginning of the statistics of a gateway's route, with host and caller as tags. Both are what the route declares, never what a request
 * says, so that there are as many series as there are declared pairs.
 */
export function statPrefix(host: string, caller: AllowedCaller | undefined): string {
    const [hostTag, callerTag] = ROUTE_TAGS;
    return `${hostTag}=.=${host};.;${callerTag}=.=${callerLabel(caller)};.;`;
}

/** A caller as a label: `payments/billing`, or `payments/*` for a whole namespace. */
export function callerLabel(caller: AllowedCaller | undefined): string {
    if (caller === undefined) {
        return "unknown";
    }
    const { namespace } = caller;
    const serviceAccounts = accountsOf(caller);
    const names = `${namespace}/${serviceAccounts.join("|")}`;
    return names.length <= LONGEST_CALLER ? names : `${namespace}/${serviceAccounts.length} service accounts`;
}
