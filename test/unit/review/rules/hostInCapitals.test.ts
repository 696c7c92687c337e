import { gateway, server, virtualService } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const HOST = "api.partner.example";
const route = (host: string, sniHosts = [HOST]) =>
    virtualService("app/partner", [HOST], ["mesh"], {
        tls: [{ match: [{ port: 443, sniHosts }], route: [{ destination: { host } }] }],
    });
const AT = "DestinationRule app/partner spec.host";
const lower = (text: string) => text.toLowerCase();

ruleEdges("host-in-capitals", {
    finds: {
        "an entry's host": [
            (page) =>
                page.with("DestinationRule", "spec.host", HOST).with("ServiceEntry", "spec.hosts", [HOST, "B.example"]),
            "ServiceEntry app/partner spec.hosts[1]",
        ],
        "a wildcard": [(page) => page.with("DestinationRule", "spec.host", "*.Partner.example"), AT],
        "a destination, and an SNI": [
            (page) => page.and(route("Api.partner.example", [HOST, "API.partner.example"])),
            AT,
            "VirtualService app/partner spec.tls[0].match[0].sniHosts[1]",
            "VirtualService app/partner spec.tls[0].route[0].destination.host",
        ],
    },
    takes: {
        "lower case": (page) => page.with("DestinationRule", "spec.host", lower("API.partner.example")),
        "the hosts of a VirtualService and of a Gateway, which Istio reads in lower case": (page) =>
            page.with("DestinationRule", "spec.host", HOST).and(
                virtualService("app/partner", ["API.partner.example"], ["mesh"], {
                    http: [{ route: [{ destination: { host: HOST } }] }],
                }),
                gateway("app/egress", [server(80, "HTTP", ["API.partner.example"])]),
            ),
    },
});
