import assert from "node:assert/strict";
import fc from "fast-check";
import { RawObject } from "../../../../review/rawObject";
import { destinationRule, gateway, server, serviceEntry, told, toldBy, virtualService } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = (path: string) => `ServiceEntry app/partner ${path}`;
const refused = toldBy("refused-by-istio");
const HOST = "api.partner.example";

ruleEdges("refused-by-istio", {
    finds: {
        "a port that there is not": [
            (page) =>
                page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.ports[0].number", 70000),
            AT("spec.ports[0].number"),
        ],
        "endpoints with resolution NONE": [
            (page) =>
                page
                    .with("ServiceEntry", "spec.resolution", "NONE")
                    .with("ServiceEntry", "spec.endpoints", [{ address: "203.0.113.7" }]),
            AT("spec.endpoints"),
        ],
        "a resolution that there is not": [
            (page) => page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.resolution", "dns"),
            AT("spec.resolution"),
        ],
        "a resolution that is a word of JavaScript's": [
            (page) =>
                page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.resolution", "constructor"),
            AT("spec.resolution"),
        ],
    },
    takes: {
        "hosts by name": (page) => page.with("ServiceEntry", "spec.hosts", [HOST]),
        "a wildcard with resolution NONE": (page) => page.with("ServiceEntry", "spec.resolution", "NONE"),
        "a wildcard with resolution DYNAMIC_DNS": (page) => page.with("ServiceEntry", "spec.resolution", "DYNAMIC_DNS"),
    },
});

describe("refused-by-istio, by kind", () => {
    const MUTUAL = { mode: "MUTUAL", credentialName: "partner" };
    const CASES: [what: string, sound: RawObject, broken: RawObject, path: string][] = [
        [
            "a rule for mutual TLS without a certificate",
            destinationRule("app/a", HOST, MUTUAL),
            destinationRule("app/a", HOST, { mode: "MUTUAL" }),
            "spec.trafficPolicy.tls",
        ],
        [
            "a rule whose host has a scheme",
            destinationRule("app/a", HOST, MUTUAL),
            destinationRule("app/a", `https://${HOST}`, MUTUAL),
            "spec.host",
        ],
        [
            "an HTTPS server without TLS",
            gateway("app/a", [server(443, "HTTPS", [HOST], "ISTIO_MUTUAL")]),
            gateway("app/a", [server(443, "HTTPS", [HOST])]),
            "spec.servers[0].tls",
        ],
        [
            "an SNI that is no host of the route",
            virtualService("app/a", [HOST], ["mesh"], { tls: [{ match: [{ sniHosts: [HOST] }], route: [to(HOST)] }] }),
            virtualService("app/a", [HOST], ["mesh"], {
                tls: [{ match: [{ sniHosts: ["other.example"] }], route: [to(HOST)] }],
            }),
            "spec.tls[0].match[0].sniHosts[0]",
        ],
    ];
    for (const [what, sound, broken, path] of CASES) {
        it(`finds ${what}`, () => {
            assert.deepEqual(refused([broken]), [`refused-by-istio ${broken.kind} app/a ${path}`]);
            assert.deepEqual(refused([sound]), []);
        });
    }

    it("takes every host that is a DNS name, and none with a character that names do not have", () => {
        const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
        const name = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => labels.join("."));
        const entry = (host: string) =>
            serviceEntry("app/a", [host], [{ number: 443, name: "tls", protocol: "TLS" }], { resolution: "DNS" });
        fc.assert(
            fc.property(name, fc.constantFrom("_", "/", ":", " ", "..", "%"), (host, sign) => {
                assert.deepEqual(refused([entry(host)]), []);
                assert.ok(told([entry(`${host}${sign}a`)]).some((line) => line.startsWith("refused-by-istio ")));
            }),
        );
    });
});

function to(host: string): object {
    return { destination: { host } };
}
