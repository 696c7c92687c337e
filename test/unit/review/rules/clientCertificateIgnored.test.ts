import { gateway, server, virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule app/partner spec.trafficPolicy.tls.credentialName";
const HOST = "api.partner.example";
const TLS = "spec.trafficPolicy.tls";

ruleEdges("client-certificate-ignored", {
    finds: {
        "it on an HTTPS port": [(page) => page.with("ServiceEntry", "spec.ports[0].protocol", "https"), AT],
        "it in the root namespace": [
            (page) => page.with("DestinationRule", "metadata.namespace", "istio-system"),
            AT.replace("app", "istio-system"),
        ],
    },
    takes: {
        "a rule with a selector": (page) =>
            page.with("DestinationRule", "spec.workloadSelector", { matchLabels: { app: "billing" } }),
        "a CA alone": (page) => page.with("DestinationRule", `${TLS}.mode`, "SIMPLE"),
        "files, which sidecars do read": (page) =>
            page
                .without("DestinationRule", `${TLS}.credentialName`)
                .with("DestinationRule", `${TLS}.clientCertificate`, "/etc/tls.crt"),
        "an HTTP port, of which sidecar-credential tells": (page) =>
            page.with("ServiceEntry", "spec.ports[0].protocol", "HTTP"),
        "a host that nobody declares": (page) => page.drop("ServiceEntry"),
        "a gateway's own rule": (page) =>
            page
                .with("ServiceEntry", "spec.exportTo", ["."])
                .and(gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")])),
        "a host to which a gateway leads calls": (page) =>
            page.and(virtualService("b/c", [HOST], ["b/egress"], { http: [way(["b/egress"], 443, HOST, 443)] })),
    },
});
