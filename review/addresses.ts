import ipaddr from "ipaddr.js";

/** A range of addresses; undefined for what is none. An address alone is a range of one. */
export function readRange(value: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
    try {
        const text = value.trim();
        if (text.includes("/")) {
            return ipaddr.parseCIDR(text);
        }
        const address = ipaddr.parse(text);
        return [address, address.kind() === "ipv4" ? 32 : 128];
    } catch {
        return undefined;
    }
}

/** Whether the ranges leave no address of a family out. Two halves do, for example. */
export function coverEverything(values: string[]): boolean {
    const ranges = values.flatMap((value) => {
        const range = readRange(value);
        return range ? [range] : [];
    });
    return ["ipv4", "ipv6"].some((family) =>
        coversAll(
            ranges.filter(([address]) => address.kind() === family).map(([address, length]) => bits(address, length)),
        ),
    );
}

/** Whether an address is in one of the ranges. */
export function isWithin(address: string, values: string[]): boolean {
    const one = readRange(address);
    return values.some((value) => {
        const range = readRange(value);
        return (
            one !== undefined &&
            range !== undefined &&
            one[0].kind() === range[0].kind() &&
            range[1] <= one[1] &&
            bits(one[0], range[1]) === bits(...range)
        );
    });
}

/** Whether a range has addresses outside of private networks once the excepted ones are gone. */
export function reachesInternet(cidr: string, except: string[]): boolean {
    const range = readRange(cidr);
    if (range === undefined) {
        return false;
    }
    const [address, length] = range;
    const isLarge = length <= (address.kind() === "ipv4" ? 4 : 7);
    if (!isLarge || (length > 0 && address.range() !== "unicast" && address.range() !== "unspecified")) {
        return false;
    }
    const own = bits(address, length);
    const gone = except.flatMap((value) => {
        const one = readRange(value);
        return one && one[0].kind() === address.kind() ? [bits(...one)] : [];
    });
    return !coversAll(gone, own);
}

/** The network part of a range, as zeros and ones. */
function bits(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): string {
    return address
        .toByteArray()
        .map((byte) => byte.toString(2).padStart(8, "0"))
        .join("")
        .slice(0, length);
}

/** Whether prefixes together make up all that begins with `start`. */
function coversAll(prefixes: string[], start = ""): boolean {
    const relevant = prefixes.filter((prefix) => prefix.startsWith(start) || start.startsWith(prefix));
    if (relevant.some((prefix) => start.startsWith(prefix))) {
        return true;
    }
    return relevant.length >= 2 && coversAll(relevant, `${start}0`) && coversAll(relevant, `${start}1`);
}
