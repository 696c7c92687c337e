import { HTTP, HTTPS, destinationRule, gateway, server, virtualService, way } from "../../../support/objects";
import { Example, ruleEdges } from "../../../support/ruleEdges";

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

/** Sidecars lead what comes to port 80 to port 443 of the same host. */
const to443 = (page: Example) =>
    page
        .with("ServiceEntry", "spec.ports", [HTTP, HTTPS])
        .and(virtualService("app/partner", [HOST], ["mesh"], { http: [way(["mesh"], 80, HOST, 443)] }));

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
        "a route of the mesh from port 80 to port 443": [
            to443,
            "VirtualService app/partner spec.http[0].route[0].destination",
        ],
        "a route for another name to the host's port 443": [
            (page) => to443(page).with("VirtualService", "spec.hosts", ["partner.internal.example"]),
            "VirtualService app/partner spec.http[0].route[0].destination",
        ],
        "a route to port 443 with a rule that sidecars ignore": [
            (page) => to443(page).and(rule({ mode: "SIMPLE", credentialName: "a" })),
            "VirtualService app/partner spec.http[0].route[0].destination",
        ],
        "a gateway without a rule": [
            (page) => page.and(...BOUND),
            "VirtualService app/partner spec.http[1].route[0].destination",
        ],
    },
    takes: {
        "a route from port 80 to port 443 with a rule for that": (page) =>
            to443(page).and(
                destinationRule("app/partner", HOST, undefined, {
                    trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: "SIMPLE" } }] },
                }),
            ),
        "a route from port 80 to port 443 for workloads that a rule selects": (page) =>
            to443(page)
                .with("VirtualService", "spec.exportTo", ["."])
                .and(rule({ mode: "SIMPLE" }, { workloadSelector: { matchLabels: { app: "billing" } } })),
        "a route that a namespace sees where a rule is": (page) =>
            to443(page)
                .with("ServiceEntry", "spec.exportTo", ["payments"])
                .and(destinationRule("payments/partner", HOST, { mode: "SIMPLE" }, { exportTo: ["."] })),
        "a route to port 443 of a host whose only port it is, which no HTTP reaches": (page) =>
            to443(page).with("ServiceEntry", "spec.ports", [HTTPS]),
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
