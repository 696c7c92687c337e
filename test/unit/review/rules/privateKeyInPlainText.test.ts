import assert from "node:assert/strict";
import fc from "fast-check";
import { RawObject } from "../../../../review/rawObject";
import { reviewObjects } from "../../../../review/reviewObjects";
import { toldBy } from "../../../support/objects";

const told = toldBy("private-key-in-plain-text");
const KEY = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA\n-----END EC PRIVATE KEY-----\n";
const configMap = (data: object, key = "data"): RawObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "files", namespace: "app" },
    [key]: data,
});
const release = (values: object) =>
    ({ apiVersion: "helm.sh/v3", kind: "Release", metadata: { name: "a" }, values }) as unknown as RawObject;
const at = (path: string) => [`private-key-in-plain-text ConfigMap app/files ${path}`];

describe("private-key-in-plain-text", () => {
    it("finds a key of every kind, as it is and in base64, wherever a chart's values have it", () => {
        const kind = fc.constantFrom("", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH ");
        const path = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 4 });
        fc.assert(
            fc.property(kind, path, fc.boolean(), fc.lorem(), (name, keys, isEncoded, around) => {
                const pem = `${around}\n${KEY.replaceAll("EC ", name)}`;
                const value = isEncoded ? Buffer.from(KEY.replaceAll("EC ", name)).toString("base64") : pem;
                const values = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
                const expected = keys.map((key) => `[${JSON.stringify(key)}]`).join("");
                assert.deepEqual(told([release(values)]), [
                    `private-key-in-plain-text Release default/a values${expected}`,
                ]);
            }),
        );
    });

    it("finds it in both maps of a ConfigMap, and in a list", () => {
        assert.deepEqual(told([configMap({ "tls.key": KEY })]), at('data["tls.key"]'));
        const binary = { key: Buffer.from(KEY).toString("base64") };
        assert.deepEqual(told([configMap(binary, "binaryData")]), at('binaryData["key"]'));
        assert.equal(told([release({ files: [{ content: KEY }] })]).length, 1);
    });

    it("takes certificates, public keys, and a Secret, which is the place for a key", () => {
        const others = KEY.replaceAll("EC PRIVATE KEY", "CERTIFICATE") + KEY.replaceAll("EC PRIVATE KEY", "PUBLIC KEY");
        assert.deepEqual(told([configMap({ a: others }), release({ a: others })]), []);
        assert.deepEqual(told([{ ...configMap({ a: KEY }), kind: "Secret" }]), []);
    });

    it("repeats nothing of the key", () => {
        const findings = reviewObjects([configMap({ key: KEY })]);
        assert.ok(!JSON.stringify(findings).includes("MHcCAQEEIA"));
    });
});
