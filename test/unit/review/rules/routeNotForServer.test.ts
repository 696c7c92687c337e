import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.tls[1]";
const SERVER = "spec.servers[0]";
const listening = gatewayApi("Gateway", "istio-egress/egress", {
    gatewayClassName: "istio",
    listeners: [
        { name: "http", port: 80, protocol: "HTTP" },
        { name: "tls", port: 443, protocol: "TLS", tls: { mode: "Passthrough" } },
    ],
});
const asking = (kind: string, rest: object) =>
    gatewayApi(kind, "istio-egress/a", { parentRefs: [{ name: "egress", ...rest }], rules: [{}] });
const parent = (key: string, kind = "HTTPRoute") => `${kind} istio-egress/a spec.parentRefs[0].${key}`;

ruleEdges("route-not-for-server", {
    finds: {
        "a tls route at an HTTPS server": [(page) => page.with("Gateway", `${SERVER}.port.protocol`, "HTTPS"), AT],
        "a port that no server has": [
            (page) => page.with("Gateway", `${SERVER}.port.number`, 8443),
            "VirtualService istio-egress/partner spec.tls[1].match[0].port",
        ],
        "a listener that there is not": [
            (page) => page.drop("VirtualService").and(listening, asking("HTTPRoute", { sectionName: "https" })),
            parent("sectionName"),
        ],
        "a listener by name, on another port": [
            (page) =>
                page.drop("VirtualService").and(listening, asking("HTTPRoute", { sectionName: "http", port: 8080 })),
            parent("sectionName"),
        ],
        "a listener's port that there is not": [
            (page) => page.drop("VirtualService").and(listening, asking("GRPCRoute", { port: 8080 })),
            parent("port", "GRPCRoute"),
        ],
        "a listener for another kind of route": [
            (page) => page.drop("VirtualService").and(listening, asking("HTTPRoute", { sectionName: "tls" })),
            "HTTPRoute istio-egress/a spec.rules[0]",
        ],
    },
    takes: {
        "a server that passes TLS through": (page) => page.with("Gateway", `${SERVER}.tls.mode`, "PASSTHROUGH"),
        "a route of the Gateway that the set does not have": (page) => page.drop("Gateway"),
        "a route for the mesh alone": (page) =>
            page
                .with("VirtualService", "spec.gateways", ["mesh"])
                .with("VirtualService", "spec.tls[1].match[0].gateways", ["mesh"]),
        "a listener by name and port": (page) =>
            page.drop("VirtualService").and(listening, asking("HTTPRoute", { sectionName: "http", port: 80 })),
        "a TLSRoute at a listener that passes TLS through": (page) =>
            page.drop("VirtualService").and(listening, asking("TLSRoute", { sectionName: "tls" })),
        "a Gateway of another controller": (page) =>
            page
                .drop("VirtualService")
                .and(
                    gatewayApi("Gateway", "istio-egress/egress", { gatewayClassName: "another", listeners: [] }),
                    asking("HTTPRoute", { sectionName: "https" }),
                ),
    },
});
