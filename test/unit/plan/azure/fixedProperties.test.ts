import assert from "node:assert/strict";
import { validateFixed } from "../../../../plan/azure/fixedProperties";
import { explain } from "../../../../plan/shared/violation";

const replacement = { what: "the cluster", cost: "with all in it", option: "replaceCluster", way: "make another" };
const one = (wanted: unknown, actual: unknown) => validateFixed([{ option: "podRange", wanted, actual }], replacement);

describe("properties that Azure does not change in place", () => {
    it("may be what they are, in another case or order, or not be known", () => {
        assert.deepEqual(one("Cilium", "cilium"), []);
        assert.deepEqual(one(["1", "2"], ["2", "1"]), []);
        assert.deepEqual(one("10.0.0.0/16", undefined), []);
        assert.deepEqual(one("10.0.0.0/16", null), []);
    });

    it("are told as Azure writes them", () => {
        assert.match(explain(one("Standard_D4s_v5", "Standard_D2s_v5")[0]), /the cluster has Standard_D2s_v5,/);
    });

    it("are refused where they are others, with the way without an outage and the option's name", () => {
        const [violation] = one("10.1.0.0/16", "10.0.0.0/16");
        assert.equal(violation.path, "podRange");
        assert.match(
            explain(violation),
            /"10\.1\.0\.0\/16" cannot be changed in place: the cluster has 10\.0\.0\.0\/16.*without an outage, make another.*replaceCluster to true/,
        );
    });
});
