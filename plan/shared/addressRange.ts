import * as ipaddr from "ipaddr.js";
import { Violation } from "./violation";

/** An IPv4 range in CIDR notation, `10.0.0.0/16`, as numbers. */
export interface AddressRange {
    /** The first address. */
    start: number;
    /** How many addresses there are. */
    size: number;
    /** Length of the prefix: 16. */
    length: number;
}

/** The range, or undefined for what is none: also for one that begins inside of itself, such as `10.0.0.1/16`. */
export function parseRange(text: string): AddressRange | undefined {
    if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
        return undefined;
    }
    const [address, length] = ipaddr.IPv4.parseCIDR(text);
    if (address.toString() !== ipaddr.IPv4.networkAddressFromCIDR(text).toString()) {
        return undefined;
    }
    return { start: numberOf(address), size: 2 ** (32 - length), length };
}

export function formatRange({ start, length }: AddressRange): string {
    return `${addressAt(start)}/${length}`;
}

/** The address that a number stands for. */
export function addressAt(value: number): string {
    return new ipaddr.IPv4([24, 16, 8, 0].map((shift) => (value / 2 ** shift) & 255)).toString();
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
    return a.start < b.start + b.size && b.start < a.start + a.size;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
    return outer.start <= inner.start && inner.start + inner.size <= outer.start + outer.size;
}

export function validateRange(path: string, text: string): Violation[] {
    if (parseRange(text)) {
        return [];
    }
    return [
        {
            path,
            value: text,
            problem: "is no range of IPv4 addresses",
            expected: 'CIDR notation that begins with the first address, such as "10.64.0.0/16"',
            fix: "Correct it",
        },
    ];
}

/** Refuses what shares addresses with a range before it. What is no range is refused elsewhere. */
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
                      problem: `has addresses of ${other.path} (${other.text})`,
                      expected: "ranges that share no address",
                      fix: "Move one of the two",
                  },
              ];
    });
}

function numberOf(address: ipaddr.IPv4): number {
    return address.octets.reduce((value, octet) => value * 256 + octet, 0);
}
