import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateWholeNumber } from "../../shared/wholeNumber";
import { parseRange } from "../../shared/addressRange";
import { ResolvedDestination } from "./options";
import { specialRanges, validateOpenRanges } from "../../shared/openRange";

/** What is not the internet. IPv6 addresses that stand for IPv4 ones are never on the wire, but for NAT64's and 6to4's. */
const NOT_PUBLIC = [
    ...specialRanges("unspecified", "loopback", "linkLocal", "platform", "private", "multicast"),
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16",
];
const INTERNET = ["0.0.0.0/0", "::/0"];

export function validateDestinations(path: string, destinations: ResolvedDestination[]): Violation[] {
    if (destinations.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, so the gateway would reach no partner",
                expected: "at least one { range }, { namespace } or { internet: true }",
                fix: "List the partners' address ranges, or say internet: true if they have none that are known",
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
                fix: given.length === 0 ? "Say what the gateway may reach" : "Write an entry for each",
            },
        ];
    }
    return [
        ...(namespace === undefined ? [] : validateLabel(`${path}.namespace`, namespace, "a namespace")),
        ...validatePorts(`${path}.ports`, ports),
    ];
}

/** All ranges of the list are judged together: two halves of the address space are all of it. */
function validateRanges(path: string, destinations: ResolvedDestination[]): Violation[] {
    const ranges = destinations.flatMap(({ range }, index) => (range === undefined ? [] : [{ range, index }]));
    return validateOpenRanges(
        path,
        ranges.map(({ range }) => range),
        {
            // A private endpoint of a partner has one.
            allow: ["private"],
            expected: "the partners' ranges",
            fix: "List the partners' ranges, or write internet: true, which leaves out what is not public",
        },
    ).map((violation) => ({
        ...violation,
        path: violation.path.replace(/\[(\d+)\]$/, (_, at: string) => `[${ranges[Number(at)].index}].range`),
    }));
}

/** Refuses an empty list of TCP ports, and numbers that are none. */
export function validatePorts(path: string, ports: number[]): Violation[] {
    if (ports.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, which a NetworkPolicy takes for every port",
                expected: "at least one TCP port",
                fix: "List the ports",
            },
        ];
    }
    return ports.flatMap((port, index) =>
        validateWholeNumber(`${path}[${index}]`, port, "is no TCP port", { most: 65535 }),
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
