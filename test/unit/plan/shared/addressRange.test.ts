import assert from "node:assert/strict";
import fc from "fast-check";
import {
    contains,
    formatRange,
    overlaps,
    parseRange,
    validateOverlaps,
    validateRange,
} from "../../../../plan/shared/addressRange";
import { explain } from "../../../../plan/shared/violation";

/** Ranges that begin where a range of their size may. */
const range = fc
    .tuple(fc.integer({ min: 8, max: 32 }), fc.nat())
    .map(([length, at]) => ({ length, size: 2 ** (32 - length), start: (at * 2 ** (32 - length)) % 2 ** 32 }));
/** Near each other, so that they meet. */
const near = fc.tuple(fc.integer({ min: 24, max: 32 }), fc.nat({ max: 1023 })).map(([length, at]) => {
    const size = 2 ** (32 - length);
    return { length, size, start: 10 * 2 ** 24 + Math.floor(at / size) * size };
});

function addresses({ start, size }: { start: number; size: number }): number[] {
    return Array.from({ length: size }, (_, index) => start + index);
}

describe("address ranges", () => {
    it("are read as they are written", () => {
        fc.assert(
            fc.property(range, (one) => {
                assert.deepEqual(parseRange(formatRange(one)), one);
                assert.deepEqual(validateRange("x", formatRange(one)), []);
            }),
        );
    });

    it("overlap when they share an address, and contain when they have all of them", () => {
        fc.assert(
            fc.property(near, near, (a, b) => {
                const inA = new Set(addresses(a));
                const shared = addresses(b).filter((address) => inA.has(address)).length;
                assert.equal(overlaps(a, b), shared > 0);
                assert.equal(overlaps(b, a), shared > 0);
                assert.equal(contains(a, b), shared === b.size);
            }),
        );
    });

    for (const text of [
        "10.0.0.1/16",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0/16",
        "fd00::/64",
        "",
        "300.0.0.0/8",
        "0x0a000000/8",
    ]) {
        it(`refuses ${JSON.stringify(text)}`, () => {
            const [violation] = validateRange("podRange", text);
            assert.equal(violation.path, "podRange");
            assert.match(explain(violation), /is no range of IPv4 addresses; expected CIDR notation .*"10.64.0.0\/16"/);
        });
    }

    it("names both of two that overlap", () => {
        const violations = validateOverlaps([
            { path: "a", text: "10.0.0.0/16" },
            { path: "b", text: "10.1.0.0/16" },
            { path: "c", text: "10.0.255.0/24" },
        ]);
        assert.deepEqual(
            violations.map((violation) => [violation.path, explain(violation)]),
            [
                [
                    "c",
                    '"10.0.255.0/24" has addresses of a (10.0.0.0/16); expected ranges that share no address. Move one of the two.',
                ],
            ],
        );
    });
});
