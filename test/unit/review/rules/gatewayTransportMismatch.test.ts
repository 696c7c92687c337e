import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule istio-egress/to-gateway spec.trafficPolicy.tls.mode";
const TLS = "spec.trafficPolicy.tls";
const SERVER = "spec.servers[0]";
const httpsServer = {
    port: { number: 80, name: "server", protocol: "HTTPS" },
    hosts: ["*"],
    tls: { mode: "ISTIO_MUTUAL" },
};

ruleEdges("gateway-transport-mismatch", {
    finds: {
        "TLS of any mode to a server in plaintext": [
            (page) => page.with("DestinationRule", TLS, { mode: "SIMPLE" }),
            AT,
        ],
        "plaintext to a server that wants the mesh's TLS": [
            (page) => page.with("DestinationRule", TLS, { mode: "DISABLE" }).with("Gateway", SERVER, httpsServer),
            AT,
        ],
        "the mesh's TLS to a server that passes TLS on": [
            (page) =>
                page.with("Gateway", SERVER, {
                    ...httpsServer,
                    port: { ...httpsServer.port, protocol: "TLS" },
                    tls: { mode: "PASSTHROUGH" },
                }),
            AT,
        ],
        "a port's own settings": [
            (page) =>
                page.with("DestinationRule", "spec.trafficPolicy", {
                    portLevelSettings: [{ port: { number: 80 }, tls: { mode: "ISTIO_MUTUAL" } }],
                }),
            "DestinationRule istio-egress/to-gateway spec.trafficPolicy.portLevelSettings[0].tls.mode",
        ],
        "a listener of the Gateway API in plaintext": [
            (page) =>
                page
                    .drop("Gateway")
                    .drop("VirtualService")
                    .and(
                        gatewayApi("Gateway", "istio-egress/egress", {
                            gatewayClassName: "istio",
                            listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
                        }),
                        gatewayApi("HTTPRoute", "istio-egress/to", {
                            parentRefs: [{ group: "networking.istio.io", kind: "ServiceEntry", name: "partner" }],
                            rules: [{ backendRefs: [{ name: "egress", port: 80 }] }],
                        }),
                    ),
            AT,
        ],
    },
    takes: {
        "the mesh's TLS to a server that wants it": (page) => page.with("Gateway", SERVER, httpsServer),
        "plaintext to a server in plaintext": (page) => page.with("DestinationRule", TLS, { mode: "DISABLE" }),
        "a rule that says nothing of TLS": (page) => page.with("DestinationRule", "spec.trafficPolicy", {}),
        "no rule, where the mesh's automatic TLS decides": (page) => page.drop("DestinationRule"),
        "another port's settings": (page) =>
            page.with("DestinationRule", "spec.trafficPolicy", {
                portLevelSettings: [{ port: { number: 443 }, tls: { mode: "ISTIO_MUTUAL" } }],
            }),
        "a rule that no caller of the route sees": (page) =>
            page
                .with("DestinationRule", "spec.exportTo", ["nobody"])
                .with("VirtualService", "spec.exportTo", ["istio-egress"]),
        "a Gateway that the set does not have": (page) => page.drop("Gateway"),
    },
});
