import { AddressRange, contains, formatRange, parseRange, sizeOf } from "../shared/addressRange";

/**
 * Ranges that istiod must not call for the `jwksUri` of a RequestAuthentication: all except the allowed ones.
 * Otherwise, anyone who may write a RequestAuthentication could make istiod read what only istiod can reach, including
 * its own debug endpoints.
 */
export function blockedJwksRanges(allowed: string[]): string[] {
    const ranges = allowed.flatMap((text) => parseRange(text) ?? []);
    return (["0.0.0.0/0", "::/0"] as const)
        .flatMap((everything) => without(parseRange(everything) as AddressRange, ranges))
        .map(formatRange);
}

/** The range without the addresses of other ranges, in as few ranges as possible. */
function without(range: AddressRange, others: AddressRange[]): AddressRange[] {
    const inside = others.filter((other) => contains(range, other));
    if (others.some((other) => contains(other, range))) {
        return [];
    }
    if (inside.length === 0) {
        return [range];
    }
    const half = { ...range, length: range.length + 1 };
    return [half, { ...half, start: range.start + sizeOf(half) }].flatMap((part) => without(part, inside));
}
