import assert from "node:assert/strict";
import { destinationRule, toldBy } from "../../../support/objects";

const told = toldBy("destination-rule-twice");

const HOST = "api.partner.example";

describe("destination-rule-twice", () => {
    const simple = { mode: "SIMPLE" };
    const found = ["destination-rule-twice DestinationRule a/two spec.trafficPolicy"];

    it("finds a second policy for a host", () => {
        assert.deepEqual(
            told([destinationRule("a/one", HOST, simple), destinationRule("a/two", HOST, { mode: "DISABLE" })]),
            found,
        );
    });

    it("finds a second subset of one name", () => {
        const rule = (name: string, mode: string) =>
            destinationRule(name, HOST, undefined, { subsets: [{ name: "v", trafficPolicy: { tls: { mode } } }] });
        assert.deepEqual(told([rule("a/one", "DISABLE"), rule("a/two", "ISTIO_MUTUAL")]), [
            "destination-rule-twice DestinationRule a/two spec.subsets[0].name",
        ]);
        assert.deepEqual(told([rule("a/one", "DISABLE"), rule("a/two", "DISABLE")]), []);
    });

    it("takes subsets beside a policy, other callers, other workloads, and other namespaces", () => {
        const one = destinationRule("a/one", HOST, simple);
        const subsets = [{ name: "v", labels: { version: "1" } }];
        assert.deepEqual(told([one, destinationRule("a/two", HOST, undefined, { subsets })]), []);
        assert.deepEqual(told([one, destinationRule("b/two", HOST, { mode: "DISABLE" })]), []);
        const selecting = (app: string) =>
            destinationRule(`a/${app}`, HOST, { mode: app }, { workloadSelector: { matchLabels: { app } } });
        assert.deepEqual(told([selecting("SIMPLE"), selecting("DISABLE")]), []);
        const only = (name: string, namespace: string, mode: string) =>
            destinationRule(name, HOST, { mode }, { exportTo: [namespace] });
        assert.deepEqual(told([only("a/one", "x", "SIMPLE"), only("a/two", "y", "DISABLE")]), []);
    });
});
