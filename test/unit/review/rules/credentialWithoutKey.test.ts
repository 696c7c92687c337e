import assert from "node:assert/strict";
import { RawObject } from "../../../../review/rawObject";
import { secret, toldBy } from "../../../support/objects";
import { usingCredential } from "../../../support/usedCredential";

const told = toldBy("credential-without-key");
const judge = (keys: string[]) => told(usingCredential("partner", [secret("gateways/partner", keys)]));

describe("credential-without-key", () => {
    it("finds a credential without certificate, without key, or with one of each format", () => {
        for (const keys of [["ca.crt"], ["tls.crt", "ca.crt"], ["tls.key"], ["cert", "tls.key"]]) {
            assert.deepEqual(judge(keys), ["credential-without-key Secret gateways/partner data"], keys.join());
        }
    });

    it("takes both formats, and a secret that is still empty", () => {
        for (const keys of [["tls.crt", "tls.key"], ["cert", "key", "cacert"], []]) {
            assert.deepEqual(judge(keys), [], keys.join());
        }
    });

    it("keeps silent about a credential that shows no certificate, or that the set does not hold", () => {
        const mutual = JSON.stringify(usingCredential("partner", [secret("gateways/partner", ["ca.crt"])]));
        const simple = JSON.parse(mutual.replaceAll('"MUTUAL"', '"SIMPLE"')) as RawObject[];
        assert.deepEqual(told(simple), []);
        assert.deepEqual(told(usingCredential("partner", [])), []);
    });
});
