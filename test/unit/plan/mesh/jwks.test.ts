import assert from "node:assert/strict";
import fc from "fast-check";
import { blockedJwksRanges } from "../../../../plan/mesh/jwks";
import { formatRange, overlaps, parseRange, sizeOfUnion } from "../../../../plan/shared/addressRange";

const ipv4 = fc.tuple(fc.integer({ min: 1, max: 32 }), fc.nat()).map(([length, seed]) => ({
    family: 4 as const,
    length,
    start: (BigInt(seed) % 2n ** BigInt(length)) * 2n ** BigInt(32 - length),
}));

describe("blockedJwksRanges", () => {
    it("are everything where nothing is allowed", () => {
        assert.deepEqual(blockedJwksRanges([]), ["0.0.0.0/0", "::/0"]);
    });

    it("are everything but the allowed ranges, however those lie", () => {
        fc.assert(
            fc.property(fc.array(ipv4, { maxLength: 6 }), (allowed) => {
                const blocked = blockedJwksRanges(allowed.map(formatRange)).map((text) => {
                    const range = parseRange(text);
                    assert.ok(range, text);
                    return range;
                });
                const own = blocked.filter(({ family }) => family === 4);
                assert.ok(own.every((range) => allowed.every((other) => !overlaps(range, other))));
                assert.equal(sizeOfUnion([...own, ...allowed]), 2n ** 32n);
            }),
        );
    });
});
