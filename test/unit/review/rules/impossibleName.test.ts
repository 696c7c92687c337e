import assert from "node:assert/strict";
import { destinationRule, gateway, service, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("impossible-name");

describe("impossible-name", () => {
    const letters = (count: number) => "a".repeat(count);

    it("finds names that are too long for their kind", () => {
        assert.deepEqual(told([serviceEntry(letters(254), [], [])]), [
            `impossible-name ServiceEntry default/${letters(254)} metadata.name`,
        ]);
        assert.deepEqual(told([serviceEntry(letters(253), [], [])]), []);
        assert.equal(told([service(letters(64), {})]).length, 1);
        assert.deepEqual(told([service(letters(63), {})]), []);
    });

    it("finds names of Gateways and subsets that Istio refuses", () => {
        assert.equal(told([gateway(letters(64), [])]).length, 1);
        const subset = (count: number) =>
            destinationRule("a", "a.example", undefined, { subsets: [{ name: letters(count) }] });
        assert.deepEqual(told([subset(64)]), ["impossible-name DestinationRule default/a spec.subsets[0].name"]);
        assert.deepEqual(told([gateway(letters(63), []), subset(63)]), []);
    });

    it("finds labels that no object can have, and selectors that ask for them", () => {
        const labelled = { ...service("a", {}), metadata: { name: "a", labels: { app: letters(64) } } };
        assert.deepEqual(told([labelled]), ['impossible-name Service default/a metadata.labels["app"]']);
        assert.deepEqual(told([gateway("a", [], { istio: letters(64) })]), [
            'impossible-name Gateway default/a spec.selector["istio"]',
        ]);
        assert.deepEqual(told([gateway("a", [], { istio: "-a" })]).length, 1);
        assert.deepEqual(told([gateway("a", [], { istio: letters(63), other: "" })]), []);
    });
});
