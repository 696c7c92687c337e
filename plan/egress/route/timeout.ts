import { Violation } from "../../shared/violation";
import { validateWholeNumber } from "../../shared/wholeNumber";

/** Longer than what waits for an answer in front of most services, and not for ever. */
export const DEFAULT_TIMEOUT_SECONDS = 300;
const MOST_TIMEOUT_SECONDS = 86_400;

/** What the gateway has of the time to say itself that the partner did not answer, before the sidecar says that the gateway did not. */
const GATEWAY_SECONDS = 5;

/** The part of a VirtualService's route that limits the way from the gateway to the partner. */
export function partnerTimeout(seconds = DEFAULT_TIMEOUT_SECONDS): { timeout?: string } {
    return limit(seconds, 0);
}

/** The one for the way from the sidecar to the gateway. */
export function gatewayTimeout(seconds = DEFAULT_TIMEOUT_SECONDS): { timeout?: string } {
    return limit(seconds, GATEWAY_SECONDS);
}

/** Istio refuses `0s`; a route without a timeout has no limit. */
function limit(seconds: number, more: number): { timeout?: string } {
    return seconds === 0 ? {} : { timeout: `${seconds + more}s` };
}

export function validateTimeout(seconds: number | undefined): Violation[] {
    return seconds === undefined
        ? []
        : validateWholeNumber("timeoutSeconds", seconds, "is not a number of seconds", {
              least: 0,
              most: MOST_TIMEOUT_SECONDS,
          });
}
