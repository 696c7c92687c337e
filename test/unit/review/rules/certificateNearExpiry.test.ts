import assert from "node:assert/strict";
import fc from "fast-check";
import { RawObject } from "../../../../review/rawObject";
import { issue } from "../../../support/certificates";
import { toldBy } from "../../../support/objects";

const told = toldBy("certificate-near-expiry");
const DAY = 24 * 60 * 60 * 1000;
const END = new Date("2030-06-15T12:00:00Z");
const secret = (data: Record<string, string>, key: "data" | "stringData" = "data"): RawObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "partner", namespace: "app" },
    [key]: data,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("certificate-near-expiry", () => {
    let pem: string;

    before(async () => {
        pem = (await issue({ subject: "CN=a", notBefore: new Date("2029-01-01"), notAfter: END })).certificate;
    });

    it("finds a certificate from the day on that is asked for, and not before", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: -500, max: 500 }), (days, left) => {
                const now = new Date(END.getTime() - left * DAY);
                const found = told([secret({ "tls.crt": base64(pem) })], { now, certificateDays: days });
                assert.equal(found.length, left > days ? 0 : 1);
            }),
        );
    });

    it("looks at each of Istio's keys, in either of a secret's maps, and at no other", () => {
        const now = END;
        for (const key of ["tls.crt", "cert", "ca.crt", "cacert"]) {
            const at = (map: string) => [`certificate-near-expiry Secret app/partner ${map}["${key}"]`];
            assert.deepEqual(told([secret({ [key]: base64(pem) })], { now }), at("data"));
            assert.deepEqual(told([secret({ [key]: pem }, "stringData")], { now }), at("stringData"));
        }
        assert.deepEqual(told([secret({ other: base64(pem) })], { now }), []);
    });

    it("finds the certificate of a chain that ends first", async () => {
        const later = (await issue({ subject: "CN=b", notAfter: new Date(END.getTime() + 400 * DAY) })).certificate;
        assert.equal(told([secret({ "tls.crt": base64(later + pem) })], { now: END }).length, 1);
        assert.deepEqual(told([secret({ "tls.crt": base64(later) })], { now: END }), []);
    });

    it("takes what is no certificate, which the API server refuses", () => {
        const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        assert.deepEqual(told([secret({ "tls.crt": base64(broken) }), secret({ "tls.crt": "%" })], { now: END }), []);
        assert.deepEqual(told([{ ...secret({ "tls.crt": base64(pem) }), kind: "ConfigMap" }], { now: END }), []);
    });
});
