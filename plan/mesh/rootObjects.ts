import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { DNS_PORTS } from "../shared/ports";
import { DEFAULT_REVISION } from "./revision";

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

/** NetworkPolicy that lets istiod call only the API server, DNS and the allowed JWKS servers. */
export function istiodEgress(meshNamespace: string, revision: string | undefined, ranges: string[]) {
    return {
        metadata: { name: ["istiod-egress", ...(revision ? [revision] : [])].join("-"), namespace: meshNamespace },
        spec: {
            podSelector: { matchLabels: { app: "istiod", "istio.io/rev": revision ?? DEFAULT_REVISION } },
            policyTypes: ["Egress"],
            egress: [
                // The ports at which API servers listen are their owner's choice; DNS has its own.
                { ports: [...DNS_PORTS] },
                { to: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: "TCP" }] },
            ],
        },
    };
}
