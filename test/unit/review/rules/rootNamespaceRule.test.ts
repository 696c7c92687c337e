import assert from "node:assert/strict";
import { destinationRule, toldBy } from "../../../support/objects";
import { HOST, MUTUAL, soundRoute } from "../../../support/soundRoute";

const told = toldBy("root-namespace-rule");

describe("root-namespace-rule", () => {
    const context = { rootNamespace: "gateways" };
    const { credentialName, ...rest } = MUTUAL;
    const files = { clientCertificate: "/etc/tls.crt", privateKey: "/etc/tls.key", caCertificates: "/etc/ca.crt" };
    const shared = destinationRule("gateways/partner", HOST, { ...rest, ...files });

    it("takes a rule with a credential, which sidecars ignore", () => {
        const ignored = destinationRule("gateways/partner", HOST, { ...rest, credentialName });
        assert.deepEqual(told(soundRoute({ originate: ignored }), context), []);
    });

    it("finds a gateway's rule that the whole mesh reads", () => {
        assert.deepEqual(told(soundRoute({ originate: shared }), context), [
            "root-namespace-rule DestinationRule gateways/partner metadata.namespace",
        ]);
    });

    it("takes it in another namespace, and where it is private", () => {
        assert.deepEqual(told(soundRoute({ originate: shared }), { rootNamespace: "elsewhere" }), []);
        assert.deepEqual(told(soundRoute(), context), []);
    });

    it("takes a rule for the whole mesh that no gateway's route uses", () => {
        assert.deepEqual(told([destinationRule("gateways/all", "*.partner.example", { mode: "SIMPLE" })], context), []);
    });
});
