import assert from "node:assert/strict";
import { HTTP, serviceEntry, told } from "../../../support/objects";
import { Example, ruleEdges } from "../../../support/ruleEdges";
import { rulePage } from "../../../support/rulePages";

const AT = "VirtualService istio-egress/partner spec.http";
const GATEWAYS = "spec.gateways";

ruleEdges("match-without-gateway", {
    finds: {
        "the gateway, where only mesh is listed": [
            (page) => page.with("VirtualService", GATEWAYS, ["mesh"]),
            `${AT}[1].match[0].gateways`,
        ],
        "the gateway, where nothing is listed": [
            (page) => page.without("VirtualService", GATEWAYS),
            `${AT}[1].match[0].gateways`,
        ],
        "the gateway of another namespace": [
            (page) =>
                page
                    .with("VirtualService", GATEWAYS, ["mesh", "egress"])
                    .with("VirtualService", "spec.http[1].match[0].gateways", ["istio-system/egress"]),
            `${AT}[1].match[0].gateways`,
        ],
        "one of two": [
            (page) => page.with("VirtualService", "spec.http[0].match[0].gateways", ["mesh", "egress"]),
            `${AT}[0].match[0].gateways`,
        ],
        "a match of a route by SNI": [
            (page) =>
                page.without("VirtualService", "spec.http").with("VirtualService", "spec.tls", [
                    {
                        match: [{ gateways: ["mesh"], sniHosts: ["api.partner.example"] }],
                        route: [{ destination: { host: "api.partner.example" } }],
                    },
                ]),
            "VirtualService istio-egress/partner spec.tls[0].match[0].gateways",
        ],
    },
    takes: {
        "the same gateway in three spellings": (page) =>
            page
                .with("VirtualService", GATEWAYS, ["mesh", "istio-egress/egress"])
                .with("VirtualService", "spec.http[1].match", [
                    { gateways: ["egress"] },
                    { gateways: ["./egress"] },
                    { gateways: ["egress.istio-egress.svc.cluster.local"] },
                ]),
        "a match that names none": (page) => page.without("VirtualService", "spec.http[0].match[0].gateways"),
        "a delegate": (page) => page.without("VirtualService", GATEWAYS).without("VirtualService", "spec.hosts"),
    },
});

describe("a match without its gateway", () => {
    it("leads no call anywhere for the other rules either", () => {
        const page = new Example(rulePage("match-without-gateway").found).and(
            serviceEntry("istio-egress/partner", ["api.partner.example"], [{ ...HTTP, targetPort: 443 }]),
        );
        assert.ok(told(page.objects).includes("plaintext-to-tls-port ServiceEntry istio-egress/partner spec.ports[0]"));
    });
});
