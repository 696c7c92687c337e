import assert from "node:assert/strict";
import { gatewayApi, toldBy } from "../../../support/objects";

const told = toldBy("gateway-api-client-certificate");

describe("gateway-api-client-certificate", () => {
    const asking = (gatewayClassName: string, backend: object = { clientCertificateRef: { name: "partner" } }) =>
        gatewayApi("Gateway", "gateways/egress", { gatewayClassName, listeners: [], tls: { backend } });

    it("finds a client certificate that Istio would not send", () => {
        assert.deepEqual(told([asking("istio")]), [
            "gateway-api-client-certificate Gateway gateways/egress spec.tls.backend.clientCertificateRef",
        ]);
    });

    it("takes gateways of other implementations, and those that ask for none", () => {
        assert.deepEqual(told([asking("another")]), []);
        assert.deepEqual(told([asking("istio", {})]), []);
    });
});
