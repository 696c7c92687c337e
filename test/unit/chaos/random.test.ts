import assert from "node:assert/strict";
import fc from "fast-check";
import { chosenSeed, randomFrom } from "../../../chaos/random";

describe("random moments", () => {
    it("are the same for the same seed, and from 0 to 1", () => {
        fc.assert(
            fc.property(fc.nat(), fc.integer({ min: 1, max: 50 }), (seed, count) => {
                const numbers = () => {
                    const random = randomFrom(seed);
                    return Array.from({ length: count }, random);
                };
                assert.deepEqual(numbers(), numbers());
                assert.ok(numbers().every((number) => number >= 0 && number < 1));
            }),
        );
    });

    it("are spread over the whole range", () => {
        fc.assert(
            fc.property(fc.nat(), (seed) => {
                const random = randomFrom(seed);
                const tenths = new Set(Array.from({ length: 300 }, () => Math.floor(random() * 10)));
                assert.equal(tenths.size, 10);
            }),
        );
    });

    it("take the seed of the environment, or refuse it", () => {
        assert.equal(chosenSeed({ CHAOS_SEED: "42" }), 42);
        assert.throws(() => chosenSeed({ CHAOS_SEED: "-1" }), /CHAOS_SEED is "-1"; it must be a whole number/);
        assert.ok(Number.isInteger(chosenSeed({})));
    });
});
