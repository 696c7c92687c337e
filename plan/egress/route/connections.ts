import { DEAD_ADDRESSES, TCP_CONNECTIONS } from "../../shared/connectionDefaults";
import { isWildcard } from "../../shared/wildcard";

/**
 * What is idle for longer is closed here, before the partner or something on the way forgets it and the next request fails: Azure's NAT
 * gateway and load balancers do after 4 minutes, other load balancers after 60 s, nginx after 75 s.
 */
const IDLE_TIMEOUT = "55s";

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
                ...TCP_CONNECTIONS,
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
