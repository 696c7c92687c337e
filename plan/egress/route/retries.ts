import { Violation } from "../../shared/violation";
import { validateWholeNumber } from "../../shared/wholeNumber";

/** Istio's own number. */
export const DEFAULT_RETRIES = 2;
/** With more, callers of a partner that is down would wait for longer than anybody does, and it would get many times its load. */
const MOST_RETRIES = 10;

/** Failures before the request was sent: nobody has acted on it, whatever it asks for. */
const BEFORE_REQUEST = ["connect-failure", "refused-stream", "reset-before-request"];

/** Requests with these methods change nothing at the partner, section 9.2.1 of RFC 9110. */
export const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * A VirtualService's `retries`. Istio's default also repeats gRPC calls that the partner has answered with UNAVAILABLE or CANCELLED,
 * and so may have acted on.
 */
export function retryPolicy(retries = DEFAULT_RETRIES, failures: string[] = BEFORE_REQUEST): Record<string, unknown> {
    return retries === 0 ? { attempts: 0 } : { attempts: retries, retryOn: failures.join(",") };
}

/** For requests that change nothing: also repeats those that were sent, and lost with the connection. */
export function safeRetryPolicy(retries?: number): Record<string, unknown> {
    return retryPolicy(retries, [...BEFORE_REQUEST, "reset"]);
}

export function validateRetries(retries: number | undefined): Violation[] {
    return retries === undefined
        ? []
        : validateWholeNumber("retries", retries, "is not a number of retries", { least: 0, most: MOST_RETRIES });
}
