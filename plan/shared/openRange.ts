import { AddressRange, overlaps, parseRange, sizeOfUnion, validateRange } from "./addressRange";
import { Violation } from "./violation";

/**
 * Addresses that never belong to a partner, an administrator or a DNS server on another machine, by kind. They are from
 * IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890), and include the cloud platforms' own
 * addresses.
 */
const SPECIAL = {
    unspecified: { what: "the unspecified addresses", ranges: ["0.0.0.0/8", "::/128"] },
    loopback: { what: "the loopback addresses of the machine itself", ranges: ["127.0.0.0/8", "::1/128"] },
    linkLocal: {
        what: "link-local addresses, including the cloud's metadata service",
        ranges: ["169.254.0.0/16", "fe80::/10"],
    },
    platform: {
        what: "an address of a cloud's own platform",
        // Azure, Alibaba Cloud, Oracle Cloud; IPv6 metadata of AWS and of Google Cloud.
        ranges: ["168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128"],
    },
    private: {
        what: "private addresses",
        ranges: ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    },
    multicast: { what: "multicast and reserved addresses", ranges: ["224.0.0.0/3", "ff00::/8", "fec0::/10"] },
    embedded: {
        // IPv4-mapped and -compatible, NAT64, 6to4 and Teredo: each can express an IPv4 address that is not allowed.
        what: "IPv6 addresses that embed IPv4 addresses",
        ranges: ["::/96", "::ffff:0.0.0.0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"],
    },
} as const;

export type SpecialAddresses = keyof typeof SPECIAL;

/** Ranges of this machine and its cloud, and unassigned ranges. */
export function specialRanges(...kinds: SpecialAddresses[]): string[] {
    return kinds.flatMap((kind) => SPECIAL[kind].ranges);
}

/** Maximum number of addresses in a list: a /8 of IPv4, a /32 of IPv6. A larger list cannot be a list of partners. */
const MOST: Record<4 | 6, { prefix: string; size: bigint }> = {
    4: { prefix: "/8", size: 2n ** 24n },
    6: { prefix: "/32", size: 2n ** 96n },
};

export interface OpenRangeRules {
    /** Default: both. */
    families?: readonly (4 | 6)[];
    /** Special addresses that the list may have. Default: none. */
    allow?: readonly SpecialAddresses[];
    /** Expected addresses, such as "the partners' ranges". */
    expected: string;
    /** The fix. Default: list the addresses that are needed. */
    fix?: string;
}

/**
 * Refuses ranges that open too much: text that is not a range, special addresses, and more addresses in total than a
 * list of partners can have, however the ranges are split.
 */
export function validateOpenRanges(path: string, texts: string[], rules: OpenRangeRules): Violation[] {
    const { families = [4, 6], allow = [], expected, fix = "List the addresses that are needed" } = rules;
    const single = texts.flatMap((text, index) => {
        const at = `${path}[${index}]`;
        const wrong = validateRange(at, text, families);
        const range = parseRange(text);
        if (wrong.length > 0 || range === undefined) {
            return wrong;
        }
        const special = specialKinds(range).find((kind) => !allow.includes(kind));
        return special === undefined
            ? []
            : [{ path: at, value: text, problem: `has ${SPECIAL[special].what}`, expected, fix }];
    });
    const ranges = texts.flatMap((text) => parseRange(text) ?? []);
    if (single.length > 0) {
        return single;
    }
    const crowd = ([4, 6] as const).filter((family) => tooMany(ranges.filter((range) => range.family === family)));
    return [
        ...crowd.map((family) => {
            const own = texts.filter((text) => parseRange(text)?.family === family);
            return {
                path: own.length === 1 ? `${path}[${texts.indexOf(own[0])}]` : path,
                value: own.length === 1 ? own[0] : undefined,
                problem: `${own.length === 1 ? "has" : "have in total"} more IPv${family} addresses than a ${MOST[family].prefix}, which is almost the whole address space`,
                expected: `${expected}, no more than a ${MOST[family].prefix} in all`,
                fix,
            };
        }),
    ];
}

function tooMany(ranges: AddressRange[]): boolean {
    return ranges.length > 0 && sizeOfUnion(ranges) > MOST[ranges[0].family].size;
}

function specialKinds(range: AddressRange): SpecialAddresses[] {
    return (Object.keys(SPECIAL) as SpecialAddresses[]).filter((kind) =>
        SPECIAL[kind].ranges.some((special) => overlaps(parseRange(special) as AddressRange, range)),
    );
}
