import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule istio-egress/partner spec.trafficPolicy.tls";
const TLS = "spec.trafficPolicy.tls";
const ROUTE = "spec.http[1]";
const HOST = "api.partner.example";

ruleEdges("request-host-mismatch", {
    finds: {
        "a rewrite to a third name": [
            (page) => page.with("VirtualService", `${ROUTE}.rewrite`, { authority: "www.partner.example" }),
            AT,
        ],
        "settings for the port": [
            (page) =>
                page.with("DestinationRule", "spec.trafficPolicy", {
                    portLevelSettings: [{ port: { number: 443 }, tls: { mode: "MUTUAL", credentialName: "a" } }],
                }),
            "DestinationRule istio-egress/partner spec.trafficPolicy.portLevelSettings[0].tls",
        ],
    },
    takes: {
        "names in the rule": (page) =>
            page.with("DestinationRule", TLS, { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] }),
        "names in the entry": (page) => page.with("ServiceEntry", "spec.subjectAltNames", [HOST]),
        "a rewrite to the server's name": (page) =>
            page.with("VirtualService", `${ROUTE}.rewrite`, { authority: HOST }),
        "the same by a header": (page) =>
            page.with("VirtualService", `${ROUTE}.headers`, { request: { set: { ":authority": HOST } } }),
        "a request that names the server": (page) => page.with("VirtualService", "spec.hosts", [HOST]),
        "a request for a wildcard above it": (page) => page.with("VirtualService", "spec.hosts", ["*.partner.example"]),
        "a rule that originates no TLS": (page) => page.with("DestinationRule", TLS, { mode: "DISABLE" }),
    },
});
