import assert from "node:assert/strict";
import { validatePlaceholders } from "../../../../plan/environment/placeholders";

const pathsOf = (value: unknown) => validatePlaceholders("", value).map(({ path }) => path);

describe("names of examples", () => {
    for (const text of [
        "registry.example/istio",
        "mtls.partner.example",
        "*.partner.example",
        "https://charts.example:443/istio",
        "spiffe://mesh.example/ns/a",
        "api.example.com",
        "EXAMPLE.ORG",
        "docker.io/library/x, registry.example",
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
        "-----BEGIN CERTIFICATE-----\na.example\n-----END CERTIFICATE-----",
    ]) {
        it(`accepts ${JSON.stringify(text.slice(0, 30))}`, () => assert.deepEqual(pathsOf({ a: text }), []));
    }

    it("does not read what is no plain value", () => {
        class Late {
            readonly host = "a.example";
        }
        assert.deepEqual(pathsOf({ a: new Late(), b: undefined, c: null, d: 1, e: true }), []);
    });
});
