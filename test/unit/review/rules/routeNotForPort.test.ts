import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.http[0]";
const PROTOCOL = "spec.ports[0].protocol";

ruleEdges("route-not-for-port", {
    finds: {
        "an http route for TLS": [(page) => page.with("ServiceEntry", PROTOCOL, "TLS"), AT],
        "an http route for a database's protocol": [(page) => page.with("ServiceEntry", PROTOCOL, "MYSQL"), AT],
        "a route without a match": [(page) => page.with("VirtualService", "spec.http[0].match", []), AT],
        "a host in capitals, which Istio reads in lower case": [
            (page) => page.with("VirtualService", "spec.hosts", ["API.partner.example"]),
            AT,
        ],
    },
    takes: {
        HTTP: (page) => page.with("ServiceEntry", PROTOCOL, "HTTP"),
        "a port without a protocol": (page) => page.without("ServiceEntry", PROTOCOL),
        "a route to the host itself, which changes nothing": (page) =>
            page.with("VirtualService", "spec.http[0].route[0].destination.host", "api.partner.example"),
        "a port that no entry declares": (page) => page.with("VirtualService", "spec.http[0].match[0].port", 8080),
        "another route of the service that fits": (page) =>
            page.with("VirtualService", "spec.tcp", [
                {
                    match: [{ gateways: ["mesh"], port: 80 }],
                    route: [{ destination: { host: "egress.istio-egress.svc.cluster.local", port: { number: 443 } } }],
                },
            ]),
        "a route of the gateway alone": (page) => page.with("VirtualService", "spec.gateways", ["egress"]),
    },
});
