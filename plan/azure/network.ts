import { contains, formatRange, parseRange, sizeOf, validateOverlaps, validateRange } from "../shared/addressRange";
import { EgressNetworkOptions } from "./networkOptions";
import { OutboundControl } from "./outboundControl";
import { validateRegistryHosts } from "./registry";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** The subnets that every network has, and for what. */
export const SUBNETS = ["nodes", "firewall", "egress", "apiServer"] as const;
export type SubnetName = (typeof SUBNETS)[number];
export type SubnetRanges = Record<SubnetName, string>;

export interface ResolvedNetwork {
    addressSpace: string;
    /** What the caller chose; the others are carved out of the address space. */
    subnets: Partial<SubnetRanges>;
    outboundControl: OutboundControl;
    egressPrefixLength: number;
    idleTimeoutMinutes: number;
    allowedFqdns: string[];
    allowedServiceTags: string[];
}

/** The options of a network with their defaults. */
export function resolvedNetwork(options: EgressNetworkOptions): ResolvedNetwork {
    return {
        addressSpace: options.addressSpace ?? "10.64.0.0/16",
        subnets: options.subnets ?? {},
        outboundControl: options.outboundControl ?? OutboundControl.Firewall,
        egressPrefixLength: options.egressPrefixLength ?? 31,
        idleTimeoutMinutes: options.idleTimeoutMinutes ?? 10,
        allowedFqdns: options.allowedFqdns ?? [],
        allowedServiceTags: options.allowedServiceTags ?? [],
    };
}

/** The longest prefix that each may have. */
const LONGEST: Record<SubnetName, { length: number; because: string }> = {
    nodes: { length: 27, because: "Azure keeps 5 addresses, and an upgrade needs some for the nodes that come first" },
    firewall: { length: 26, because: "Azure Firewall takes no smaller one" },
    egress: { length: 28, because: "Azure keeps 5 addresses, and an upgrade needs one for each zone's new node" },
    apiServer: { length: 28, because: "AKS takes no smaller one for its API server" },
};
/** A longer prefix leaves no room for the default layout. */
const LONGEST_ADDRESS_SPACE = 23;

export function validateNetwork(request: ResolvedNetwork): Violation[] {
    const { addressSpace, subnets, outboundControl } = request;
    const space = parseRange(addressSpace);
    const ranges = subnetRanges(request);
    return [
        ...validateRange("addressSpace", addressSpace),
        ...(space && space.length > LONGEST_ADDRESS_SPACE
            ? [
                  {
                      path: "addressSpace",
                      value: addressSpace,
                      problem: "is too small for the subnets",
                      expected: `a prefix of at most /${LONGEST_ADDRESS_SPACE}`,
                      fix: "Choose a larger range",
                  },
              ]
            : []),
        ...SUBNETS.flatMap((name) => validateSubnet(name, subnets[name], request)),
        ...validateOverlaps(
            SUBNETS.flatMap((name) => (ranges[name] ? [{ path: `subnets.${name}`, text: ranges[name] }] : [])),
        ),
        ...validateWholeNumber("egressPrefixLength", request.egressPrefixLength, "is no length that Azure gives", {
            least: 28,
            most: 31,
        }),
        ...validateWholeNumber("idleTimeoutMinutes", request.idleTimeoutMinutes, "is no time-out of a NAT gateway", {
            least: 4,
            most: 120,
        }),
        ...validateUnused("subnets.firewall", subnets.firewall ? [subnets.firewall] : [], outboundControl, "firewall"),
        ...validateRegistryHosts("allowedFqdns", request.allowedFqdns),
        ...validateUnused("allowedFqdns", request.allowedFqdns, outboundControl, "firewall"),
        ...validateUnused("allowedServiceTags", request.allowedServiceTags, outboundControl, "nsg"),
    ];
}

function validateSubnet(name: SubnetName, given: string | undefined, { addressSpace }: ResolvedNetwork): Violation[] {
    if (given === undefined) {
        return [];
    }
    const path = `subnets.${name}`;
    const [range, space] = [parseRange(given), parseRange(addressSpace)];
    if (range === undefined) {
        return validateRange(path, given);
    }
    const { length, because } = LONGEST[name];
    return [
        ...(range.length > length
            ? [
                  {
                      path,
                      value: given,
                      problem: `is too small: ${because}`,
                      expected: `a prefix of at most /${length}`,
                      fix: "Choose a larger range",
                  },
              ]
            : []),
        ...(space && !contains(space, range)
            ? [
                  {
                      path,
                      value: given,
                      problem: "is not inside of the network's address space",
                      expected: `a part of ${addressSpace}`,
                      fix: "Move it, or leave it out to have one carved out of the address space",
                  },
              ]
            : []),
    ];
}

function validateUnused(
    path: string,
    given: string[],
    outboundControl: OutboundControl,
    reader: OutboundControl,
): Violation[] {
    return given.length === 0 || outboundControl === reader
        ? []
        : [
              {
                  path,
                  problem: `would be used by nobody, because outboundControl is ${outboundControl}`,
                  expected: `outboundControl: ${reader}`,
                  fix: "Change outboundControl, or remove it",
              },
          ];
}

/**
 * The range of each subnet. What the caller does not choose is where it always is, whatever else is chosen: the lower
 * half for the nodes, and the others from the start of the upper half. Empty without an address space to carve from.
 */
export function subnetRanges({ addressSpace, subnets }: ResolvedNetwork): SubnetRanges {
    const space = parseRange(addressSpace);
    const half = space ? sizeOf(space) / 2n : 0n;
    const carve = (name: SubnetName, offset: bigint, length: number) =>
        subnets[name] ?? (space ? formatRange({ family: 4, start: space.start + offset, length }) : "");
    return {
        nodes: carve("nodes", 0n, (space?.length ?? 0) + 1),
        firewall: carve("firewall", half, 26),
        egress: carve("egress", half + 64n, 26),
        apiServer: carve("apiServer", half + 128n, 28),
    };
}

/** A rule of a network security group, as ARM takes it. */
export interface SecurityRule {
    name: string;
    priority: number;
    direction: "Inbound" | "Outbound";
    access: "Allow" | "Deny";
    protocol: "Tcp" | "*";
    sourceAddressPrefix: string;
    sourcePortRange: string;
    destinationAddressPrefix: string;
    destinationPortRange: string;
}

/** What the nodes of every AKS cluster need outside of their network, as far as service tags can tell. */
const NODE_SERVICE_TAGS = [
    "AzureCloud",
    "MicrosoftContainerRegistry",
    "AzureFrontDoor.FirstParty",
    "AzureFrontDoor.Frontend",
    "AzureActiveDirectory",
];

/** Rules for the nodes' subnet with outboundControl `nsg`: Azure's own services, what the caller adds, and nothing else. */
export function nodeSecurityRules(allowedServiceTags: string[]): SecurityRule[] {
    const outbound = { direction: "Outbound", sourceAddressPrefix: "*", sourcePortRange: "*" } as const;
    const allowed = [...new Set([...NODE_SERVICE_TAGS, ...allowedServiceTags])].map((tag, index) => ({
        ...outbound,
        name: `allow-${tag.toLowerCase().replaceAll(".", "-")}`,
        priority: 200 + index,
        access: "Allow" as const,
        protocol: "Tcp" as const,
        destinationAddressPrefix: tag,
        destinationPortRange: "443",
    }));
    return [
        ...allowed,
        {
            ...outbound,
            name: "deny-internet",
            priority: 4000,
            access: "Deny",
            protocol: "*",
            destinationAddressPrefix: "Internet",
            destinationPortRange: "*",
        },
    ];
}

export interface Route {
    name: string;
    addressPrefix: string;
    nextHopType: "VirtualAppliance" | "Internet";
    nextHopIpAddress?: string;
}

/** Everything that leaves the nodes goes to the firewall. */
export function nodeRoutes(firewallAddress: string): Route[] {
    return [
        {
            name: "to-firewall",
            addressPrefix: "0.0.0.0/0",
            nextHopType: "VirtualAppliance",
            nextHopIpAddress: firewallAddress,
        },
    ];
}

/**
 * AKS wants a default route to an appliance on every subnet of a cluster with user-defined routes. The two halves of
 * the Internet are more specific than it, so the egress nodes leave through their NAT gateway all the same.
 */
export function egressRoutes(firewallAddress: string): Route[] {
    return [
        ...nodeRoutes(firewallAddress),
        { name: "lower-half-to-nat-gateway", addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
        { name: "upper-half-to-nat-gateway", addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
    ];
}

/** Hosts of Azure Monitor that the agents on the nodes call (articles/aks/outbound-rules-control-egress.md). */
const MONITOR_HOSTS = [
    "dc.services.visualstudio.com",
    "*.ods.opinsights.azure.com",
    "*.oms.opinsights.azure.com",
    "*.monitoring.azure.com",
    "*.ingest.monitor.azure.com",
    "*.handler.control.monitor.azure.com",
];

/** The firewall's rules: what AKS needs, kept up to date by Azure, and what the caller adds; everything else is denied. */
export function firewallRules(allowedFqdns: string[]) {
    const rule = (name: string, target: { fqdnTags: string[] } | { targetFqdns: string[] }) => ({
        ruleType: "ApplicationRule" as const,
        name,
        sourceAddresses: ["*"],
        protocols: [
            { protocolType: "Http", port: 80 },
            { protocolType: "Https", port: 443 },
        ],
        ...target,
    });
    return [
        rule("aks", { fqdnTags: ["AzureKubernetesService"] }),
        rule("monitor", { targetFqdns: MONITOR_HOSTS }),
        ...(allowedFqdns.length > 0 ? [rule("allowed", { targetFqdns: allowedFqdns })] : []),
    ];
}
