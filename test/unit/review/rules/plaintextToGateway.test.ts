import assert from "node:assert/strict";
import { destinationRule, server, toldBy, virtualService, way } from "../../../support/objects";
import { GATEWAY, HOST, MUTUAL, own, soundRoute } from "../../../support/soundRoute";

const told = toldBy("plaintext-to-gateway");

describe("plaintext-to-gateway", () => {
    it("finds a server of the gateway that asks nobody for a certificate", () => {
        const found = ["plaintext-to-gateway Gateway gateways/egress spec.servers[0].tls"];
        assert.deepEqual(told(soundRoute({ server: server(443, "HTTP", ["*"]) })), found);
        assert.deepEqual(told(soundRoute({ server: server(443, "HTTPS", ["*"], "SIMPLE") })), found);
        assert.deepEqual(told(soundRoute({ server: server(443, "HTTPS", ["*"], "MUTUAL") })), []);
    });

    it("finds a rule by which sidecars call the gateway without the mesh's identity", () => {
        for (const mode of ["DISABLE", "SIMPLE"]) {
            assert.deepEqual(told(soundRoute({ leg: destinationRule("gateways/egress", GATEWAY, { mode }) })), [
                "plaintext-to-gateway DestinationRule gateways/egress spec.trafficPolicy.tls.mode",
            ]);
        }
    });

    it("looks at the subset that the route names", () => {
        const leg = destinationRule("gateways/egress", GATEWAY, undefined, {
            subsets: [{ name: "partner", trafficPolicy: { tls: { mode: "DISABLE" } } }],
        });
        const objects = soundRoute({ leg }).slice(0, 4);
        const lead = (subset?: string) =>
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                http: [way(["mesh"], 80, GATEWAY, 443, subset), way(["egress"], 443, HOST, 80)],
            });
        assert.deepEqual(told([...objects, lead("partner")]), [
            "plaintext-to-gateway DestinationRule gateways/egress spec.subsets[0].trafficPolicy.tls.mode",
        ]);
        assert.deepEqual(told([...objects, lead()]), []);
    });

    it("finds it for a certificate that only some callers show", () => {
        const originate = destinationRule(
            "gateways/partner",
            HOST,
            { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] },
            {
                ...own,
                subsets: [{ name: "billing", trafficPolicy: { tls: MUTUAL } }],
            },
        );
        const objects = soundRoute({ server: server(443, "HTTP", ["*"]), originate }).slice(0, 4);
        const onward = (subset?: string) =>
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80, subset)],
            });
        assert.deepEqual(told([...objects, onward("billing")]), [
            "plaintext-to-gateway Gateway gateways/egress spec.servers[0].tls",
        ]);
        assert.deepEqual(told([...objects, onward()]), []);
    });

    it("takes a plain leg to a gateway that shows no client certificate", () => {
        const originate = destinationRule("gateways/partner", HOST, { mode: "SIMPLE" }, own);
        assert.deepEqual(told(soundRoute({ server: server(443, "HTTP", ["*"]), originate })), []);
    });
});
