import { KubernetesObject, ObjectMeta } from "../../shared/kubernetesObject";

/** The pods of the nodes' DNS cache, where Cilium redirects DNS to pods of the node (CiliumLocalRedirectPolicy). */
export const NODE_DNS_PODS = { "k8s-app": "node-local-dns" };

export const CILIUM_API_VERSION = "cilium.io/v2";

/**
 * Lets pods query the DNS cache on their node if Cilium enforces policies. Cilium does not match a node's addresses
 * with an `ipBlock`: they are the entity `host` (https://github.com/cilium/cilium/issues/18644).
 */
export function ciliumNodeDns(metadata: ObjectMeta, podLabels?: Record<string, string>): KubernetesObject {
    return {
        apiVersion: CILIUM_API_VERSION,
        kind: "CiliumNetworkPolicy",
        metadata,
        spec: {
            endpointSelector: podLabels ? { matchLabels: podLabels } : {},
            egress: [
                {
                    toEntities: ["host"],
                    toPorts: [
                        {
                            ports: [
                                { port: "53", protocol: "UDP" },
                                { port: "53", protocol: "TCP" },
                            ],
                        },
                    ],
                },
            ],
        },
    };
}
