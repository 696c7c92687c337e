import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateWholeNumber } from "../../shared/wholeNumber";
import { validateRange } from "./range";

/** What the gateway may open connections to: addresses, pods of a namespace, or the internet. Exactly one of them. */
export interface GatewayDestination {
    /** Range of addresses in CIDR form. */
    range?: string;
    /** Namespace of servers in this cluster. */
    namespace?: string;
    /** Every public address. */
    internet?: boolean;
    /** TCP ports. */
    ports: number[];
}

/** What is not the internet: private networks, the node itself, link-local with the cloud's metadata service, and so on. */
const NOT_PUBLIC = {
    "0.0.0.0/0": [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        // The platform's own address on Azure, which answers to every virtual machine.
        "168.63.129.16/32",
        "224.0.0.0/3",
    ],
    "::/0": ["::/128", "::1/128", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8"],
};

export function validateDestinations(path: string, destinations: GatewayDestination[]): Violation[] {
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
    return destinations.flatMap((destination, index) => validateDestination(`${path}[${index}]`, destination));
}

function validateDestination(path: string, { range, namespace, internet, ports }: GatewayDestination): Violation[] {
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
        ...(range === undefined ? [] : validateEverything(`${path}.range`, range)),
        ...(namespace === undefined ? [] : validateLabel(`${path}.namespace`, namespace, "a namespace")),
        ...validatePorts(`${path}.ports`, ports),
    ];
}

/** The whole address space is never what somebody means who writes a range. */
function validateEverything(path: string, range: string): Violation[] {
    if (!/\/0+$/.test(range)) {
        return validateRange(path, range);
    }
    return [
        {
            path,
            value: range,
            problem: "is every address there is, the cluster's own and the cloud's metadata service among them",
            expected: "the partners' ranges",
            fix: "Write internet: true instead, which leaves out what is not public",
        },
    ];
}

function validatePorts(path: string, ports: number[]): Violation[] {
    if (ports.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, which a NetworkPolicy takes for every port",
                expected: "at least one TCP port",
                fix: "Leave it out for 443",
            },
        ];
    }
    return ports.flatMap((port, index) =>
        validateWholeNumber(`${path}[${index}]`, port, "is no TCP port", { most: 65535 }),
    );
}

/** The peers of a NetworkPolicy that stand for a destination. */
export function destinationPeers({ range, namespace, internet }: GatewayDestination): Record<string, unknown>[] {
    if (internet) {
        return Object.entries(NOT_PUBLIC).map(([cidr, except]) => ({ ipBlock: { cidr, except } }));
    }
    if (namespace !== undefined) {
        return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }];
    }
    return [{ ipBlock: { cidr: range } }];
}
