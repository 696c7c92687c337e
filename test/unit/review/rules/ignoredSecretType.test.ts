import assert from "node:assert/strict";
import { secret, toldBy } from "../../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../../support/usedCredential";

const told = toldBy("ignored-secret-type");

describe("ignored-secret-type", () => {
    it("finds types that istiod does not watch", () => {
        const typed = (type: string) =>
            told(usingCredential("partner", [secret("gateways/partner", WHOLE_CREDENTIAL, type)]));
        assert.deepEqual(typed("kubernetes.io/service-account-token"), [
            "ignored-secret-type Secret gateways/partner type",
        ]);
        assert.deepEqual(typed("kubernetes.io/tls"), []);
        assert.deepEqual(typed("example.com/own"), []);
    });
});
