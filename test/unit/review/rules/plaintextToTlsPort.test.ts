import { destinationRule, gateway, server, virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const HOST = "api.partner.example";
const GATEWAY = "egress.istio-egress.svc.cluster.local";
const AT = "ServiceEntry app/partner spec.ports[0]";
const rule = (tls: { mode: string; credentialName?: string }, rest = {}) =>
    destinationRule("app/partner", HOST, tls, rest);
const BOUND = [
    gateway("app/egress", [server(443, "HTTPS", [HOST], "ISTIO_MUTUAL")]),
    virtualService("app/partner", [HOST], ["mesh", "egress"], {
        http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80)],
    }),
];

ruleEdges("plaintext-to-tls-port", {
    finds: {
        "the other usual port of TLS": [(page) => page.with("ServiceEntry", "spec.ports[0].targetPort", 8443), AT],
        "an endpoint's port": [
            (page) =>
                page
                    .without("ServiceEntry", "spec.ports[0].targetPort")
                    .with("ServiceEntry", "spec.endpoints", [{ address: "a.example", ports: { http: 443 } }]),
            AT,
        ],
        gRPC: [(page) => page.with("ServiceEntry", "spec.ports[0].protocol", "GRPC"), AT],
        "a rule that switches TLS off": [(page) => page.and(rule({ mode: "DISABLE" })), AT],
        "a rule that the callers do not see": [
            (page) => page.and(rule({ mode: "SIMPLE" }, { exportTo: ["other"] })),
            AT,
        ],
        "a gateway without a rule": [
            (page) => page.and(...BOUND),
            "VirtualService app/partner spec.http[1].route[0].destination",
        ],
    },
    takes: {
        "a rule": (page) => page.and(rule({ mode: "SIMPLE" })),
        "a rule for a wildcard": (page) => page.and(destinationRule("app/a", "*.partner.example", { mode: "SIMPLE" })),
        "a rule that sidecars ignore, of which sidecar-credential tells": (page) =>
            page.and(rule({ mode: "MUTUAL", credentialName: "a" })),
        "a gateway with a rule": (page) => page.and(...BOUND, rule({ mode: "SIMPLE" })),
        "another port": (page) => page.with("ServiceEntry", "spec.ports[0].targetPort", 8080),
        "the application's own TLS": (page) => page.with("ServiceEntry", "spec.ports[0].protocol", "TLS"),
        "bytes, which may be TLS": (page) => page.with("ServiceEntry", "spec.ports[0].protocol", "TCP"),
        "resolution NONE, which ignores the target port": (page) =>
            page.with("ServiceEntry", "spec.resolution", "NONE"),
        "a host inside the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
    },
});
