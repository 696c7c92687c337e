/**
 * A TCP connection and its TLS handshake. Little enough that a call whose first address is dead has an answer from the second before
 * most callers give up. With 3 s, a partner that was slow to shake hands with a new gateway never came to an end: what was given up was
 * tried again, and made it slower.
 */
const CONNECT_TIMEOUT = "5s";

/** Keeps what waits long for an answer known on the way, and finds a partner that is gone without a word. */
const TCP_KEEPALIVE = { time: "60s", interval: "15s", probes: 3 };

/** `connectionPool.tcp` of every DestinationRule: to the partner, and to the gateway. */
export const TCP_CONNECTIONS = { connectTimeout: CONNECT_TIMEOUT, tcpKeepalive: TCP_KEEPALIVE };

/**
 * An address from which three calls in a row got no answer is left alone for 10 s, then 20 s and so on, as long as there is another. If
 * the others go meanwhile, so that less than 1 % of those that are known are left, all are tried: without it, calls fail at once.
 * What a partner answers, whatever the status, never counts: one caller's errors would be everybody's.
 */
export const DEAD_ADDRESSES = {
    splitExternalLocalOriginErrors: true,
    consecutiveLocalOriginFailures: 3,
    consecutive5xxErrors: 0,
    consecutiveGatewayErrors: 0,
    interval: "5s",
    baseEjectionTime: "10s",
    maxEjectionPercent: 99,
    minHealthPercent: 1,
};
