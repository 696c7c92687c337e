import assert from "node:assert/strict";
import { secret, toldBy } from "../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../support/usedCredential";

const told = toldBy(
    "cacert-credential",
    "credential-elsewhere",
    "credential-without-ca",
    "ignored-secret-type",
    "mixed-credential-keys",
    "stray-ca-secret",
);

it("a whole credential has no finding, with or without a revocation list, in either format", () => {
    const whole = [
        WHOLE_CREDENTIAL,
        [...WHOLE_CREDENTIAL, "ca.crl"],
        ["cert", "key", "cacert"],
        ["cert", "key", "cacert", "crl"],
    ];
    for (const keys of whole) {
        assert.deepEqual(told(usingCredential("partner", [secret("gateways/partner", keys)])), []);
    }
    const simple = [secret("gateways/partner-cacert", ["ca.crt"])];
    assert.deepEqual(told(usingCredential("partner", simple, "SIMPLE")), []);
});

it("names that begin with istio or prometheus, and a token beside the keys, are taken: Istio 1.31 reads them", () => {
    for (const name of ["istio-partner", "prometheus-partner"]) {
        assert.deepEqual(told(usingCredential(name, [secret(`gateways/${name}`, [...WHOLE_CREDENTIAL, "token"])])), []);
    }
});
