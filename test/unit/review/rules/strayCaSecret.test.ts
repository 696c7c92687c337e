import assert from "node:assert/strict";
import { secret, toldBy } from "../../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../../support/usedCredential";

const told = toldBy("stray-ca-secret");

describe("stray-ca-secret", () => {
    const stray = secret("gateways/partner-cacert", ["ca.crt"]);

    it("finds a companion that wins over the credential's own CA", () => {
        assert.deepEqual(told(usingCredential("partner", [secret("gateways/partner", WHOLE_CREDENTIAL), stray])), [
            "stray-ca-secret Secret gateways/partner-cacert metadata.name",
        ]);
    });

    it("takes one that brings the CA, one beside a secret of cert-manager, and one in another namespace", () => {
        assert.deepEqual(
            told(usingCredential("partner", [secret("gateways/partner", ["tls.crt", "tls.key"]), stray])),
            [],
        );
        const ofCertManager = secret("gateways/partner", WHOLE_CREDENTIAL);
        Object.assign(ofCertManager.metadata!, { annotations: { "cert-manager.io/certificate-name": "partner" } });
        assert.deepEqual(told(usingCredential("partner", [ofCertManager, stray])), []);
        const elsewhere = secret("app/partner-cacert", ["ca.crt"]);
        assert.deepEqual(
            told(usingCredential("partner", [secret("gateways/partner", WHOLE_CREDENTIAL), elsewhere])),
            [],
        );
    });
});
