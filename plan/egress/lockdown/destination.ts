import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateWholeNumber } from "../../shared/wholeNumber";
import { parseRange } from "../../shared/addressRange";
import { ResolvedDestination } from "./options";
import { specialRanges, validateOpenRanges } from "../../shared/openRange";

/**
 * Ranges that are not on the internet. Of the IPv6 addresses that embed IPv4 ones, only those of NAT64, 6to4 and Teredo
 * are ever on the wire.
 */
const NOT_PUBLIC = [
    ...specialRanges("unspecified", "loopback", "linkLocal", "platform", "private", "multicast"),
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16",
    "2001::/32",
];
const INTERNET = ["0.0.0.0/0", "::/0"];

export function validateDestinations(path: string, destinations: ResolvedDestination[]): Violation[] {
    if (destinations.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, so the gateway would reach no partner",
                expected: "at least one { range }, { namespace } or { internet: true }",
                fix: "List the partners' address ranges, or write internet: true if they are not known",
            },
        ];
    }
    return [
        ...destinations.flatMap((destination, index) => validateDestination(`${path}[${index}]`, destination)),
        ...validateRanges(path, destinations),
    ];
}

function validateDestination(path: string, { range, namespace, internet, ports }: ResolvedDestination): Violation[] {
    const given = [range, namespace, internet || undefined].filter((part) => part !== undefined);
    if (given.length !== 1) {
        return [
            {
                path,
                problem: given.length === 0 ? "names no destination" : "names more than one destination",
                expected: "exactly one of range, namespace and internet: true",
                fix:
                    given.length === 0
                        ? "Name a range or a namespace that the gateway may reach"
                        : "Write a separate entry for each destination",
            },
        ];
    }
    return [
        ...(namespace === undefined ? [] : validateLabel(`${path}.namespace`, namespace, "a namespace")),
        ...validatePorts(`${path}.ports`, ports),
    ];
}

/** Checks all ranges together: two halves of the address space cover all of it. */
function validateRanges(path: string, destinations: ResolvedDestination[]): Violation[] {
    const ranges = destinations.flatMap(({ range }, index) => (range === undefined ? [] : [{ range, index }]));
    return validateOpenRanges(
        path,
        ranges.map(({ range }) => range),
        {
            // A partner's private endpoint has such an address.
            allow: ["private"],
            expected: "the partners' ranges",
            fix: "List the partners' ranges, or write internet: true, which excludes private and link-local addresses",
        },
    ).map((violation) => ({
        ...violation,
        path: violation.path.replace(/\[(\d+)\]$/, (_, at: string) => `[${ranges[Number(at)].index}].range`),
    }));
}

/** Refuses an empty list of TCP ports, and numbers that are not ports. */
export function validatePorts(path: string, ports: number[]): Violation[] {
    if (ports.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, which in a NetworkPolicy means every port",
                expected: "at least one TCP port",
                fix: "List the ports",
            },
        ];
    }
    return ports.flatMap((port, index) =>
        validateWholeNumber(`${path}[${index}]`, port, "is not a TCP port", { most: 65535 }),
    );
}

/** The peers of a NetworkPolicy that stand for a destination. */
export function destinationPeers({ range, namespace, internet }: ResolvedDestination): Record<string, unknown>[] {
    if (internet) {
        return INTERNET.map((cidr) => ({
            ipBlock: { cidr, except: NOT_PUBLIC.filter((one) => sameFamily(cidr, one)) },
        }));
    }
    if (namespace !== undefined) {
        return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }];
    }
    return [{ ipBlock: { cidr: range } }];
}

function sameFamily(a: string, b: string): boolean {
    return parseRange(a)?.family === parseRange(b)?.family;
}
