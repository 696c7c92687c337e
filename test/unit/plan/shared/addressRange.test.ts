import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import {
    AddressRange,
    addressAt,
    contains,
    formatRange,
    overlaps,
    parseRange,
    sizeOf,
    sizeOfUnion,
    validateOverlaps,
    validateRange,
} from "../../../../plan/shared/addressRange";
import { explain } from "../../../../plan/shared/violation";

/** Ranges that begin where a range of their size may. */
const range: fc.Arbitrary<AddressRange> = fc.constantFrom(4 as const, 6 as const).chain((family) =>
    fc
        .tuple(fc.integer({ min: 0, max: family === 4 ? 32 : 128 }), fc.bigInt({ min: 0n, max: 2n ** 128n }))
        .map(([length, at]) => {
            const size = sizeOf({ family, length });
            return { family, length, start: (at * size) % 2n ** (family === 4 ? 32n : 128n) };
        }),
);
/** Near each other, so that they meet. */
const near = fc.tuple(fc.integer({ min: 24, max: 32 }), fc.nat({ max: 1023 })).map(([length, at]): AddressRange => {
    const size = 2 ** (32 - length);
    return { family: 4, length, start: BigInt(10 * 2 ** 24 + Math.floor(at / size) * size) };
});

function addresses(one: AddressRange): bigint[] {
    return Array.from({ length: Number(sizeOf(one)) }, (_, index) => one.start + BigInt(index));
}

describe("address ranges", () => {
    it("are read as they are written", () => {
        fc.assert(
            fc.property(range, (one) => {
                assert.deepEqual(parseRange(formatRange(one)), one);
                assert.deepEqual(validateRange("x", formatRange(one), [4, 6]), []);
            }),
        );
    });

    it("have the addresses that Node's own reader finds in them", () => {
        fc.assert(
            fc.property(range, range, (one, other) => {
                const [address, length] = formatRange(one).split("/");
                const list = new BlockList();
                list.addSubnet(address, Number(length), one.family === 4 ? "ipv4" : "ipv6");
                const asked = addressAt(other.family, other.start);
                const mapped = one.family !== other.family;
                const found = !mapped && list.check(asked, isIP(asked) === 4 ? "ipv4" : "ipv6");
                assert.equal(contains(one, { ...other, length: other.family === 4 ? 32 : 128 }), found);
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
                assert.equal(contains(a, b), shared === Number(sizeOf(b)));
            }),
        );
    });

    it("have together each of their addresses once", () => {
        fc.assert(
            fc.property(fc.array(near, { maxLength: 6 }), (ranges) => {
                assert.equal(sizeOfUnion(ranges), BigInt(new Set(ranges.flatMap(addresses)).size));
            }),
        );
    });
});

describe("validateRange", () => {
    const wrong = [
        "10.0.0.0/33",
        "10.0/16",
        "fd00::/64",
        "",
        "300.0.0.0/8",
        "0x0a000000/8",
        "10.0.0.0/08",
        " 10.0.0.0/8",
    ];
    for (const text of wrong) {
        it(`refuses ${JSON.stringify(text)} where IPv4 is expected`, () => {
            const [violation] = validateRange("podRange", text);
            assert.equal(violation.path, "podRange");
            assert.match(
                explain(violation),
                /is not a range of IPv4 addresses; expected CIDR notation .*"10.20.0.0\/16"/,
            );
        });
    }

    it("says what to write where it can be told", () => {
        const fixes = {
            "203.0.113.7": '"203.0.113.7/32"',
            "2001:db8::7": '"2001:db8::7/128"',
            "10.0.0.1/16": '"10.0.0.0/16"',
        };
        for (const [text, fix] of Object.entries(fixes)) {
            assert.ok(validateRange("x", text, [4, 6])[0].fix.startsWith(`Write ${fix}`), text);
        }
    });
});

describe("validateOverlaps", () => {
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
                    '"10.0.255.0/24" overlaps with a (10.0.0.0/16); expected ranges that do not overlap. Change one of the two.',
                ],
            ],
        );
    });
});
