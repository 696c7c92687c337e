import { Violation } from "../../shared/violation";
import { cel } from "./admission";

/**
 * Beginnings of annotations and labels by which an agent or operator elsewhere in the cluster calls an address that the
 * author of an object chose, publishes a name for them, or takes the object out of the namespace: checks of Datadog's
 * agent, hints of Elastic's agent and Heartbeat, the receiver creator of OpenTelemetry's collector, ExternalDNS, Emissary,
 * Tailscale's operator; KubeVirt's importer of volumes; Reflector, Kubernetes Replicator and Config Syncer, which copy
 * ConfigMaps and Secrets into other namespaces; Kueue and Admiralty, which run pods in other clusters; Cilium's ClusterMesh,
 * which gives a Service the pods of other clusters.
 */
export const AGENT_DOMAINS = [
    "ad.datadoghq.com",
    "cdi.kubevirt.io",
    "co.elastic",
    "external-dns.alpha.kubernetes.io",
    "getambassador.io",
    "io.cilium",
    "io.opentelemetry.discovery",
    "kubed.appscode.com",
    "kueue.x-k8s.io",
    "multicluster.admiralty.io",
    "reflector.v1.k8s.emberstack.com",
    "replicator.v1.mittwald.de",
    "service.cilium.io",
    "tailscale.com",
];

/** Refuses entries that would allow nothing. */
export function validateAllowedAnnotations(path: string, allowed: string[]): Violation[] {
    return allowed.flatMap((domain, index) =>
        AGENT_DOMAINS.includes(domain)
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      value: domain,
                      problem: "is not a beginning of annotations that a lockdown refuses, so it would allow nothing",
                      expected: `one of ${AGENT_DOMAINS.join(", ")}`,
                      fix: "Correct it, or remove it: other annotations are allowed, except those that change the sidecar or the node's network",
                  },
              ],
    );
}

/** CEL list of the keys of a map of annotations that an agent would act on. */
export function agentKeys(annotations: string, allowed: string[]): string {
    const refused = AGENT_DOMAINS.filter((domain) => !allowed.includes(domain));
    const pattern = refused.map((domain) => domain.replaceAll(".", "[.]")).join("|");
    return refused.length === 0 ? "[]" : `${annotations}.filter(k, k.matches(${cel(`^(${pattern})[./]`)}))`;
}

/** The refusal of `keys`, a CEL list. */
export function agentValidation(keys: string) {
    const [before, after] = [
        "The annotation or label ",
        " makes an agent of the cluster call an address or publish a name for the author of this object, or take it out of the namespace, past the egress gateway: remove it, or ask an administrator of the egress gateway to add its domain to allowedAnnotations.",
    ];
    return {
        expression: `${keys}.size() == 0`,
        message: `${before}of an agent${after}`,
        messageExpression: `${cel(before)} + ${keys}[0] + ${cel(after)}`,
    };
}
