import assert from "node:assert/strict";
import fc from "fast-check";
import { formatRange } from "../../../../plan/shared/addressRange";
import { validateOpenRanges } from "../../../../plan/shared/openRange";

const rules = { expected: "the partners' ranges", allow: ["private"] as const };

function problems(...ranges: string[]): string[] {
    return validateOpenRanges("to", ranges, rules).map(({ path, problem }) => `${path} ${problem}`);
}

describe("validateOpenRanges", () => {
    it("accepts what partners have: single addresses, networks, private ones too", () => {
        const ranges = ["203.0.113.7/32", "198.51.100.0/24", "10.0.0.0/16", "2001:db8::/48", "fd12:3456::/48"];
        assert.deepEqual(problems(...ranges), []);
    });

    for (const everything of [
        ["0.0.0.0/0"],
        ["::/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["2000::/3"],
        ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
        ["11.0.0.0/8", "13.0.0.0/9"],
        Array.from({ length: 200 }, (_, index) => `${index + 20}.0.0.0/9`).filter(
            (one) => !/^(100|127|168|169|172|192)/.test(one),
        ),
    ]) {
        it(`refuses ${everything.slice(0, 4).join(" and ")}: next to everything`, () => {
            assert.match(
                problems(...everything).join("\n"),
                /more IPv[46] addresses than a \/(8|32)|has (the unspecified|IPv6 addresses that)/,
            );
        });
    }

    it("refuses the address space however finely it is cut", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 8 }), (length) => {
                const count = 2 ** length;
                const pieces = Array.from({ length: count }, (_, index) =>
                    formatRange({ family: 4, length, start: BigInt(index) * 2n ** BigInt(32 - length) }),
                );
                assert.ok(problems(...pieces).length > 0);
            }),
        );
    });

    for (const special of [
        "127.0.0.1/32",
        "0.0.0.0/32",
        "169.254.169.254/32",
        "169.254.0.0/17",
        "168.63.129.16/32",
        "168.63.0.0/16",
        "224.0.0.1/32",
        "255.255.255.255/32",
        "::1/128",
        "fe80::1/128",
        "::ffff:a00:1/128",
        "::ffff:169.254.169.254/128",
        "64:ff9b::a9fe:a9fe/128",
        "2002:a9fe:a9fe::/48",
        "ff02::1/128",
    ]) {
        it(`refuses ${special}, which is no partner's`, () => {
            assert.match(problems("203.0.113.0/24", special)[0], /^to\[1\] has /);
        });
    }

    it("allows special addresses only where they are asked for", () => {
        const dns = validateOpenRanges("dns", ["169.254.20.10/32", "127.0.0.53/32"], {
            ...rules,
            allow: ["linkLocal"],
        });
        assert.deepEqual(
            dns.map(({ path }) => path),
            ["dns[1]"],
        );
    });

    it("refuses private addresses where nobody can call from one", () => {
        const violations = validateOpenRanges("from", ["10.0.0.0/8", "203.0.113.0/24"], { expected: "public ranges" });
        assert.deepEqual(
            violations.map(({ path }) => path),
            ["from[0]"],
        );
    });

    it("names text that is not a range, and where it begins", () => {
        assert.match(problems("10.0.0.1/16")[0], /^to\[0\] is not a range/);
    });
});
