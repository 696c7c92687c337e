import { gatewayApi, service } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.http[1].route[0].destination";
const PORT = "spec.http[1].route[0].destination.port";
const TLS = { number: 8443, name: "tls", protocol: "TLS" };
const SERVICE = (ports: object[]) => service("istio-egress/egress", { selector: { istio: "egress" }, ports });

ruleEdges("destination-port-not-declared", {
    finds: {
        "a port that the gateway's service does not have": [
            (page) => page.with("VirtualService", `${PORT}.number`, 80).and(SERVICE([{ port: 80 }])),
            "VirtualService istio-egress/partner spec.http[0].route[0].destination.port",
        ],
        "no port, where the host has several and not the one at which calls arrive": [
            (page) => page.without("VirtualService", PORT).with("ServiceEntry", "spec.ports[1]", TLS),
            AT,
        ],
        "a backend of the Gateway API": [
            (page) =>
                page.with("VirtualService", `${PORT}.number`, 80).and(
                    gatewayApi("HTTPRoute", "app/a", {
                        parentRefs: [{ group: "", kind: "Service", name: "x" }],
                        rules: [
                            {
                                backendRefs: [
                                    {
                                        group: "networking.istio.io",
                                        kind: "Hostname",
                                        name: "api.partner.example",
                                        port: 81,
                                    },
                                ],
                            },
                        ],
                    }),
                ),
            "HTTPRoute app/a spec.rules[0].backendRefs[0].port",
        ],
    },
    takes: {
        "the entry's port": (page) => page.with("VirtualService", `${PORT}.number`, 80),
        "no port, where the host has one": (page) => page.without("VirtualService", PORT),
        "no port, where the host has that at which calls arrive": (page) =>
            page.without("VirtualService", PORT).with("ServiceEntry", "spec.ports[1]", { ...TLS, number: 443 }),
        "a host that nothing declares": (page) => page.drop("ServiceEntry"),
        "an entry with a port that a preview does not know yet": (page) =>
            page.with("ServiceEntry", "spec.ports[1]", { ...TLS, number: Symbol("not known yet") }),
        "a port that another entry of the host has": (page) =>
            page.and(
                ...page
                    .with("ServiceEntry", "spec.ports[0].number", 8080)
                    .with("ServiceEntry", "metadata.name", "b")
                    .objects.slice(0, 1),
            ),
    },
});
