import * as ipaddr from "ipaddr.js";
import { Violation } from "./violation";

/** A range of IPv4 or IPv6 addresses, in CIDR notation `10.0.0.0/16` or `fd00::/64`. */
export interface AddressRange {
    family: 4 | 6;
    /** The first address, as a number. */
    start: bigint;
    /** Length of the prefix: 16. */
    length: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** The range, or undefined for text that is not one. A range starts at its first address: `10.0.0.1/16` is not a range. */
export function parseRange(text: string): AddressRange | undefined {
    const family = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) ? 4 : ipaddr.IPv6.isValidCIDR(text) ? 6 : undefined;
    // ipaddr.js accepts an IPv4 address within an IPv6 range. NetworkPolicies do not.
    if (family === undefined || !/^[0-9a-f:.]+\/(0|[1-9]\d*)$/i.test(text)) {
        return undefined;
    }
    const [address, length] = ipaddr.parseCIDR(text);
    const start = numberOf(address);
    return start % sizeOf({ family, length }) === 0n ? { family, start, length } : undefined;
}

/** Number of addresses in the range. */
export function sizeOf({ family, length }: Pick<AddressRange, "family" | "length">): bigint {
    return 2n ** BigInt(BITS[family] - length);
}

export function formatRange(range: AddressRange): string {
    return `${addressAt(range.family, range.start)}/${range.length}`;
}

/** The address with this number. */
export function addressAt(family: 4 | 6, value: bigint): string {
    const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) =>
        Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 255n),
    );
    return ipaddr.fromByteArray(bytes).toString();
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
    return a.family === b.family && a.start < b.start + sizeOf(b) && b.start < a.start + sizeOf(a);
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
    return (
        outer.family === inner.family &&
        outer.start <= inner.start &&
        inner.start + sizeOf(inner) <= outer.start + sizeOf(outer)
    );
}

/** Number of addresses in all ranges together. An address in two of them counts once. */
export function sizeOfUnion(ranges: AddressRange[]): bigint {
    const sorted = [...ranges].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    let [size, end] = [0n, 0n];
    for (const range of sorted) {
        const rangeEnd = range.start + sizeOf(range);
        const from = range.start > end ? range.start : end;
        size += rangeEnd > from ? rangeEnd - from : 0n;
        end = rangeEnd > end ? rangeEnd : end;
    }
    return size;
}

/** Refuses text that is not a range of one of the families. Default: only IPv4, for Azure's networks. */
export function validateRange(path: string, text: string, families: readonly (4 | 6)[] = [4]): Violation[] {
    const range = parseRange(text);
    if (range && families.includes(range.family)) {
        return [];
    }
    return [
        {
            path,
            value: text,
            problem: `is not a range of ${families.map((family) => `IPv${family}`).join(" or ")} addresses`,
            expected: `CIDR notation that begins with the range's first address, such as ${families.includes(6) ? '"203.0.113.0/24" or "2001:db8::/48"' : '"10.20.0.0/16"'}`,
            fix: correction(text),
        },
    ];
}

/** The exact text to write, if it can be derived from the value. */
function correction(text: string): string {
    if (ipaddr.isValid(text) && /^[0-9a-f:.]+$/i.test(text)) {
        return `Write "${text}/${BITS[ipaddr.parse(text).kind() === "ipv4" ? 4 : 6]}" for this one address`;
    }
    if (ipaddr.isValidCIDR(text)) {
        const [address, length] = ipaddr.parseCIDR(text);
        const family = address.kind() === "ipv4" ? 4 : 6;
        const start = numberOf(address);
        const whole = { family, length, start: start - (start % sizeOf({ family, length })) } as const;
        return `Write "${formatRange(whole)}" for the range that has this address`;
    }
    return "Correct it";
}

/** Refuses ranges that overlap with an earlier one. Text that is not a range is refused elsewhere. */
export function validateOverlaps(ranges: { path: string; text: string }[]): Violation[] {
    const known = ranges.flatMap(({ path, text }) => {
        const range = parseRange(text);
        return range ? [{ path, text, range }] : [];
    });
    return known.flatMap(({ path, text, range }, index) => {
        const other = known.slice(0, index).find((before) => overlaps(before.range, range));
        return other === undefined
            ? []
            : [
                  {
                      path,
                      value: text,
                      problem: `overlaps with ${other.path} (${other.text})`,
                      expected: "ranges that do not overlap",
                      fix: "Change one of the two",
                  },
              ];
    });
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
    return address.toByteArray().reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}
