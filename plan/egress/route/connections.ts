import { isWildcard } from "../../shared/wildcard";

/**
 * A TCP connection and its TLS handshake. Little enough that a call whose first address is dead has an answer from the second before
 * most callers give up. With 3 s, a partner that was slow to shake hands with a new gateway never came to an end: what was given up was
 * tried again, and made it slower.
 */
const CONNECT_TIMEOUT = "5s";

/**
 * What is idle for longer is closed here, before the partner or something on the way forgets it and the next request fails: Azure's NAT
 * gateway and load balancers do after 4 minutes, other load balancers after 60 s, nginx after 75 s.
 */
const IDLE_TIMEOUT = "55s";

/** Keeps what waits long for an answer known on the way, and finds a partner that is gone without a word. */
const TCP_KEEPALIVE = { time: "60s", interval: "15s", probes: 3 };

/**
 * An address from which three calls in a row got no answer is left alone for 10 s, then 20 s and so on, as long as there is another.
 * What a partner answers, whatever the status, never counts: one caller's errors would be everybody's.
 */
const DEAD_ADDRESSES = {
    splitExternalLocalOriginErrors: true,
    consecutiveLocalOriginFailures: 3,
    consecutive5xxErrors: 0,
    consecutiveGatewayErrors: 0,
    interval: "5s",
    baseEjectionTime: "10s",
    maxEjectionPercent: 99,
};

export interface Connections {
    /** Whether the proxy originates TLS over them. */
    originatesTls: boolean;
    /** Seconds after which a connection is not used any more. Default: never. */
    maxSeconds?: number;
}

/** The part of a DestinationRule about connections to a host. */
export function connectionPolicy(host: string, { originatesTls, maxSeconds }: Connections) {
    return {
        connectionPool: {
            tcp: {
                connectTimeout: CONNECT_TIMEOUT,
                tcpKeepalive: TCP_KEEPALIVE,
                ...(maxSeconds !== undefined && { maxConnectionDuration: `${maxSeconds}s` }),
            },
            // Envoy refuses a wildcard's cluster with options of HTTP, unless it sends and checks server names: "dynamic_forward_proxy
            // cluster must have auto_sni and auto_san_validation true". Istio asks it for both with TLS only.
            ...((originatesTls || !isWildcard(host)) && { http: { idleTimeout: IDLE_TIMEOUT } }),
        },
        // The addresses below a wildcard are of different hosts, and none can stand in for another.
        ...(!isWildcard(host) && { outlierDetection: DEAD_ADDRESSES }),
    };
}
