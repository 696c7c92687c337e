import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const TLS = "spec.trafficPolicy.tls";
const AT = `DestinationRule istio-egress/to-gateway ${TLS}`;
const HOSTS = "spec.servers[0].hosts";

ruleEdges("gateway-sni-mismatch", {
    finds: {
        "the name of another host": [
            (page) => page.with("DestinationRule", `${TLS}.sni`, "www.partner.example"),
            `${AT}.sni`,
        ],
        "no name for a server with a wildcard below a domain": [
            (page) => page.with("Gateway", HOSTS, ["*.partner.example"]),
            AT,
        ],
        "a port's own settings": [
            (page) =>
                page.with("DestinationRule", "spec.trafficPolicy", {
                    portLevelSettings: [{ port: { number: 443 }, tls: { mode: "ISTIO_MUTUAL" } }],
                }),
            "DestinationRule istio-egress/to-gateway spec.trafficPolicy.portLevelSettings[0].tls",
        ],
        "a listener of the Gateway API": [
            (page) =>
                page
                    .drop("Gateway")
                    .drop("VirtualService")
                    .and(
                        gatewayApi("Gateway", "istio-egress/egress", {
                            gatewayClassName: "istio",
                            listeners: [
                                {
                                    name: "https",
                                    port: 443,
                                    protocol: "HTTPS",
                                    hostname: "api.partner.example",
                                    tls: { options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL" } },
                                },
                            ],
                        }),
                        gatewayApi("HTTPRoute", "istio-egress/to", {
                            parentRefs: [{ group: "networking.istio.io", kind: "ServiceEntry", name: "partner" }],
                            rules: [{ backendRefs: [{ name: "egress", port: 443 }] }],
                        }),
                    ),
            AT,
        ],
    },
    takes: {
        "the server's host": (page) => page.with("DestinationRule", `${TLS}.sni`, "api.partner.example"),
        "a name that the server's wildcard covers": (page) =>
            page
                .with("Gateway", HOSTS, ["*.partner.example"])
                .with("DestinationRule", `${TLS}.sni`, "api.partner.example"),
        "any name at a server for every host": (page) => page.with("Gateway", HOSTS, ["*"]),
        "no name at a server for every host of one namespace": (page) => page.with("Gateway", HOSTS, ["./*"]),
        "another server on the port that takes the name": (page) =>
            page.with("DestinationRule", `${TLS}.sni`, "www.partner.example").with("Gateway", "spec.servers[1]", {
                port: { number: 443, name: "other", protocol: "HTTPS" },
                hosts: ["www.partner.example"],
                tls: { mode: "ISTIO_MUTUAL" },
            }),
        "no rule for the gateway's service": (page) => page.drop("DestinationRule"),
    },
});
