import { KubernetesObject, istioObject } from "../shared/kubernetesObject";

/**
 * A Sidecar for the whole mesh that refuses undeclared hosts. It holds even if istiod cannot read its MeshConfig and starts with its
 * defaults, and in namespaces without a Sidecar of their own.
 */
export function registryOnlySidecar(meshNamespace: string): KubernetesObject {
    return istioObject(
        "Sidecar",
        { name: "registry-only", namespace: meshNamespace },
        { egress: [{ hosts: ["*/*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    );
}

/** The ports at which API servers listen inside and outside of a cluster are their owner's choice; DNS has its own. */
const DNS_PORTS = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
];

/** Lets istiod call the API server, the resolver and the servers of allowed JWKS, and nothing else. */
export function istiodEgress(meshNamespace: string, revision: string | undefined, ranges: string[]) {
    return {
        metadata: { name: ["istiod-egress", ...(revision ? [revision] : [])].join("-"), namespace: meshNamespace },
        spec: {
            podSelector: { matchLabels: { app: "istiod", "istio.io/rev": revision ?? "default" } },
            policyTypes: ["Egress"],
            egress: [
                { ports: DNS_PORTS },
                { to: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: "TCP" }] },
            ],
        },
    };
}
