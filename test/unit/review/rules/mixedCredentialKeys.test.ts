import assert from "node:assert/strict";
import { secret, toldBy } from "../../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../../support/usedCredential";

const told = toldBy("mixed-credential-keys");

describe("mixed-credential-keys", () => {
    const found = ["mixed-credential-keys Secret gateways/partner data"];

    it("finds a revocation list that is not read", () => {
        for (const keys of [
            [...WHOLE_CREDENTIAL, "crl"],
            ["cert", "key", "cacert", "ca.crl"],
            ["cert", "key", "ca.crt", "crl"],
        ]) {
            assert.deepEqual(told(usingCredential("partner", [secret("gateways/partner", keys)])), found, String(keys));
        }
        const companion = secret("gateways/partner-cacert", ["ca.crt", "crl"]);
        assert.deepEqual(told(usingCredential("partner", [companion], "SIMPLE")), [
            "mixed-credential-keys Secret gateways/partner-cacert data",
        ]);
    });

    it("finds both formats in one secret", () => {
        assert.deepEqual(
            told(usingCredential("partner", [secret("gateways/partner", [...WHOLE_CREDENTIAL, "cert", "key"])])),
            found,
        );
    });

    it("takes such keys in a secret that is no credential", () => {
        const other = secret("gateways/other", [...WHOLE_CREDENTIAL, "crl", "cert", "key"]);
        assert.deepEqual(told(usingCredential("partner", [secret("gateways/partner", WHOLE_CREDENTIAL), other])), []);
    });
});
