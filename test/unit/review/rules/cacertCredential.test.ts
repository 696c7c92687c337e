import assert from "node:assert/strict";
import { toldBy } from "../../../support/objects";
import { usingCredential } from "../../../support/usedCredential";

const told = toldBy("cacert-credential");

describe("cacert-credential", () => {
    it("finds a client certificate under the name of a companion", () => {
        assert.deepEqual(told(usingCredential("partner-cacert", [])), [
            "cacert-credential DestinationRule gateways/partner spec.trafficPolicy.tls.credentialName",
        ]);
        assert.deepEqual(told(usingCredential("partner-cacert", [], "SIMPLE")), []);
    });
});
