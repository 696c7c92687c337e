import assert from "node:assert/strict";
import { secret, toldBy } from "../../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../../support/usedCredential";

const told = toldBy("credential-without-ca");

describe("credential-without-ca", () => {
    it("finds a credential that trusts nobody", () => {
        const found = ["credential-without-ca Secret gateways/partner data"];
        assert.deepEqual(told(usingCredential("partner", [secret("gateways/partner", ["tls.crt", "tls.key"])])), found);
        const empty = secret("gateways/partner", WHOLE_CREDENTIAL);
        assert.deepEqual(
            told(usingCredential("partner", [{ ...empty, data: { ...(empty.data as object), "ca.crt": "" } }])),
            found,
        );
    });

    it("keeps silent about a credential that the set does not hold", () => {
        assert.deepEqual(told(usingCredential("partner", [])), []);
    });
});
