import { ruleEdges } from "../../../support/ruleEdges";

const mesh = (mode: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio", namespace: "istio-system" },
    data: { mesh: `outboundTrafficPolicy: { mode: ${mode} }` },
});
const AT = "Sidecar app/default spec.outboundTrafficPolicy.mode";

ruleEdges("sidecar-allow-any", {
    finds: {
        "one for some workloads": [
            (page) => page.with("Sidecar", "spec.workloadSelector", { labels: { app: "a" } }),
            AT,
        ],
        "it without any entry, in a mesh that refuses what it does not know": [
            (page) => page.drop("ServiceEntry").and(mesh("REGISTRY_ONLY")),
            AT,
        ],
    },
    takes: {
        REGISTRY_ONLY: (page) => page.with("Sidecar", "spec.outboundTrafficPolicy.mode", "REGISTRY_ONLY"),
        "no policy of its own": (page) => page.without("Sidecar", "spec.outboundTrafficPolicy"),
        "a proxy that what nobody declared goes to": (page) =>
            page.with("Sidecar", "spec.outboundTrafficPolicy.egressProxy", { host: "proxy.app.svc.cluster.local" }),
        "a mesh that passes on what it does not know": (page) => page.and(mesh("ALLOW_ANY")),
        "a set that says nothing of external hosts": (page) => page.drop("ServiceEntry"),
    },
});
