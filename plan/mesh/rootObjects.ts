import { KubernetesObject, istioObject } from "../shared/kubernetesObject";

/**
 * Sidecar object for the whole mesh that refuses undeclared hosts. It applies in namespaces without a Sidecar of their
 * own, even if istiod cannot read its MeshConfig and starts with its defaults.
 */
export function registryOnlySidecar(meshNamespace: string): KubernetesObject {
    return istioObject(
        "Sidecar",
        { name: "registry-only", namespace: meshNamespace },
        { egress: [{ hosts: ["*/*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    );
}

/** Ports of istiod's destinations. The owner of an API server chooses its port; DNS has a fixed one. */
const DNS_PORTS = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
];

/** NetworkPolicy that lets istiod call only the API server, DNS and the allowed JWKS servers. */
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
