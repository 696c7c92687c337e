import assert from "node:assert/strict";
import { toldBy } from "../../support/objects";
import { soundRoute } from "../../support/soundRoute";

const told = toldBy(
    "gateway-api-client-certificate",
    "gateway-host-twice",
    "gateway-without-name",
    "plaintext-to-gateway",
    "root-namespace-rule",
);

it("the sound route of these tests has no finding", () => {
    assert.deepEqual(told(soundRoute()), []);
});
