/** What the partner does with a request, by the first label of the host that is called. */
export const Behaviour = {
    /** Answers 200 at once. */
    Api: "api",
    /** Answers 200 after `SLOW_SECONDS`. */
    Slow: "slow",
    /** Takes the request and resets the connection. */
    Reset: "reset",
    /** Takes the request and ends the connection without a byte. */
    Empty: "empty",
    /** Takes the request and never answers, as a partner that is cut off does. */
    Silent: "silent",
    /** Answers with a megabyte of headers. */
    Headers: "headers",
    /** Answers 200 at once, and after `FORGETFUL_SECONDS` without a request answers the next one over the connection with a reset. */
    Forgetful: "forgetful",
    /** Answers 503 at once. */
    Busy: "busy",
} as const;
export type Behaviour = (typeof Behaviour)[keyof typeof Behaviour];

export const SLOW_SECONDS = 3;
/** As firewalls and address translators do that forget idle connections, only sooner than theirs. */
export const FORGETFUL_SECONDS = 70;
