import assert from "node:assert/strict";
import fc from "fast-check";
import { addressAt } from "../../../../plan/shared/addressRange";
import { validatePlaceholders } from "../../../../plan/environment/placeholders";

const pathsOf = (value: unknown) => validatePlaceholders("", value).map(({ path }) => path);

describe("names and addresses of examples", () => {
    for (const text of [
        "registry.example/istio",
        "mtls.partner.example",
        "*.partner.example",
        "https://charts.example:443/istio",
        "spiffe://mesh.example/ns/a",
        "api.example.com",
        "EXAMPLE.ORG",
        "docker.io/library/x, registry.example",
        "203.0.113.7",
        "198.51.100.0/24",
        "192.0.2.1:8443",
        "https://192.0.2.1/charts",
        "10.0.0.0/8, 203.0.113.0/25",
        "2001:db8::/32",
        "[2001:DB8:1::7]:443",
        "3fff:abc::1/128",
    ]) {
        it(`refuses ${text}`, () => assert.deepEqual(pathsOf({ a: [{ b: text }] }), ["a[0].b"]));
    }

    for (const text of [
        "example",
        "example.contoso.com",
        "myexample.com",
        "registry.examples.net",
        "api.example.com.au",
        "example-registry.azurecr.io",
        "contoso.com/example.html/x",
        "203.0.114.7",
        "1203.0.113.7",
        "203.0.113",
        "0.0.0.0/0",
        "2001:db9::/32",
        "3fff:1000::/32",
        "10:30:45",
        "+01:00",
        "registry.azurecr.io/app@sha256:2001db8",
        "-----BEGIN CERTIFICATE-----\n203.0.113.7\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\na.example\n-----END CERTIFICATE-----",
    ]) {
        it(`accepts ${JSON.stringify(text.slice(0, 30))}`, () => assert.deepEqual(pathsOf({ a: text }), []));
    }

    it("refuses every address of the documentation's ranges, and none next to them", () => {
        const firsts = { "192.0.2.0": 0xc0000200, "198.51.100.0": 0xc6336400, "203.0.113.0": 0xcb007100 };
        const first = fc.constantFrom(...Object.values(firsts));
        fc.assert(
            fc.property(first, fc.integer({ min: -256, max: 511 }), (from, offset) => {
                const address = addressAt(4, BigInt(from + offset));
                const expected = offset >= 0 && offset < 256 ? ["a"] : [];
                assert.deepEqual(pathsOf({ a: address }), expected);
                assert.deepEqual(pathsOf({ a: `${address}/32` }), expected);
            }),
        );
    });

    it("does not read what is no plain value", () => {
        class Late {
            readonly host = "a.example";
        }
        assert.deepEqual(pathsOf({ a: new Late(), b: undefined, c: null, d: 1, e: true }), []);
    });
});
