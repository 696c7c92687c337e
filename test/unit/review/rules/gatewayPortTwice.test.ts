import { ruleEdges } from "../../../support/ruleEdges";

const AT = "Gateway istio-egress/plaintext spec.servers[0].port";
const SERVER = "spec.servers[0]";
const OTHER = "Gateway/plaintext";

ruleEdges("gateway-port-twice", {
    finds: {
        "bytes and TLS": [(page) => page.with(OTHER, `${SERVER}.port.protocol`, "TCP"), AT],
        "bytes twice": [
            (page) =>
                page.with("Gateway", `${SERVER}.port.protocol`, "TCP").without("Gateway/partner", `${SERVER}.tls`),
            AT,
        ],
        "a redirect, which is a server of HTTP": [
            (page) => page.with(OTHER, `${SERVER}.tls`, { httpsRedirect: true }),
            AT,
        ],
        "a selector with a label more": [
            (page) => page.with(OTHER, "spec.selector", { istio: "egress", app: "egress" }),
            AT,
        ],
        "two servers of one Gateway": [
            (page) =>
                page.drop(OTHER).with("Gateway/partner", "spec.servers[1]", {
                    port: { number: 443, name: "http", protocol: "HTTP" },
                    hosts: ["*"],
                }),
            "Gateway istio-egress/partner spec.servers[1].port",
        ],
    },
    takes: {
        "HTTP twice": (page) =>
            page.with("Gateway", `${SERVER}.port.protocol`, "HTTP2").without("Gateway/partner", `${SERVER}.tls`),
        "TLS of two kinds": (page) =>
            page.with(OTHER, `${SERVER}.port.protocol`, "TLS").with(OTHER, `${SERVER}.tls`, { mode: "PASSTHROUGH" }),
        "another port": (page) => page.with(OTHER, `${SERVER}.port.number`, 80),
        "another address": (page) => page.with(OTHER, `${SERVER}.bind`, "10.0.0.1"),
        "other pods": (page) => page.with(OTHER, "spec.selector", { istio: "ingress" }),
        "pods that each have one of two labels": (page) =>
            page
                .with(OTHER, "spec.selector", { istio: "egress", zone: "a" })
                .with("Gateway/partner", "spec.selector", { istio: "egress", zone: "b" }),
    },
});
