import { gateway, server, virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule app/partner spec.trafficPolicy.tls.clientCertificate";
const MOUNTED = { "sidecar.istio.io/userVolumeMount": "[]" };
const deployment = (name: string, annotations: object) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "app" },
    spec: { template: { metadata: { labels: { app: name }, annotations } } },
});
const HOST = "api.partner.example";
const GATEWAY = "egress.istio-egress.svc.cluster.local";
const SELECTOR = { matchLabels: { app: "billing" } };

ruleEdges("certificate-files-for-everybody", {
    finds: {
        "a rule for a namespace in which only some workloads mount the files": [
            (page) =>
                page
                    .with("ServiceEntry", "spec.exportTo", ["."])
                    .and(deployment("billing", MOUNTED), deployment("web", {})),
            AT,
        ],
    },
    takes: {
        "a rule with a selector": (page) => page.with("DestinationRule", "spec.workloadSelector", SELECTOR),
        "a namespace in which every workload mounts the files": (page) =>
            page
                .with("ServiceEntry", "spec.exportTo", ["."])
                .with("DestinationRule", "spec.exportTo", ["."])
                .and(deployment("billing", MOUNTED)),
        "a rule that takes the CA alone from a file": (page) =>
            page
                .with("DestinationRule", "spec.trafficPolicy.tls.mode", "SIMPLE")
                .without("DestinationRule", "spec.trafficPolicy.tls.clientCertificate"),
        "a TLS port": (page) => page.with("ServiceEntry", "spec.ports[0].protocol", "TLS"),
        "a rule that only a gateway reads": (page) =>
            page
                .with("ServiceEntry", "spec.exportTo", ["."])
                .with("DestinationRule", "spec.exportTo", ["."])
                .and(gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")])),
        "a host that routes lead to a gateway": (page) =>
            page.and(virtualService("app/partner", [HOST], ["mesh"], { http: [way(["mesh"], 80, GATEWAY, 443)] })),
    },
});
