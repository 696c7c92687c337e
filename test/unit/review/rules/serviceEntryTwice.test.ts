import assert from "node:assert/strict";
import { HTTP, HTTPS, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("service-entry-twice");

const HOST = "api.partner.example";
const own = { exportTo: ["."] };

describe("service-entry-twice", () => {
    const entry = (name: string, port: object = HTTP, rest = {}) => serviceEntry(name, [HOST], [port], rest);
    const found = ["service-entry-twice ServiceEntry b/two spec.hosts[0]"];

    it("finds one host and port that is declared in two ways", () => {
        const other = { ...HTTP, targetPort: 443 };
        assert.deepEqual(told([entry("a/one"), entry("b/two", other)]), found);
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTP, { resolution: "NONE" })]), found);
        const endpoints = [{ address: "10.0.0.1" }];
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTP, { endpoints })]), found);
        assert.deepEqual(told([entry("b/one"), entry("b/two", other)]), found);
    });

    it("takes the same said twice, other ports, other callers, and joined endpoints", () => {
        assert.deepEqual(told([entry("a/one"), entry("b/two")]), []);
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTPS)]), []);
        const other = { ...HTTP, targetPort: 443 };
        assert.deepEqual(told([entry("a/one", HTTP, own), entry("b/two", other, own)]), []);
        assert.deepEqual(told([entry("b/one"), entry("b/two", HTTP, { endpoints: [{ address: "10.0.0.1" }] })]), []);
    });

    it("takes an entry that a namespace has for itself beside one for all", () => {
        const mine = entry("b/two", { ...HTTP, targetPort: 443 }, own);
        assert.deepEqual(told([entry("a/one"), mine]), []);
    });
});
