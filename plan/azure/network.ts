import { contains, formatRange, parseRange, sizeOf, validateOverlaps, validateRange } from "../shared/addressRange";
import { validateExistingNetwork } from "./existingNetwork";
import {
    EgressNetworkOptions,
    EgressSku,
    ExistingRouteTables,
    ExistingSubnets,
    NetworkPeering,
} from "./networkOptions";
import { OutboundControl } from "./outboundControl";
import { validatePartnerRules } from "./partnerRules";
import { validateRegistryHosts } from "./registry";
import { ADDON_PREFIX_LENGTH } from "../mesh/meshAddon";
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
    virtualNetworkId?: string;
    existingSubnets?: ExistingSubnets;
    peerings: NetworkPeering[];
    connectedElsewhere: boolean;
    routeTables?: ExistingRouteTables;
    outboundControl: OutboundControl;
    /** Whether a NAT gateway takes the prefix; else the nodes of the Istio add-on do. */
    natGateway: boolean;
    egressPrefixLength: number;
    egressSku: EgressSku;
    idleTimeoutMinutes: number;
    allowedFqdns: string[];
    allowedServiceTags: string[];
    partnerRanges: string[];
    partnerPorts: number[];
    zones: string[];
}

/** The options of a network with their defaults. */
export function resolvedNetwork(options: EgressNetworkOptions, natGateway = true): ResolvedNetwork {
    return {
        addressSpace: options.addressSpace ?? "10.64.0.0/16",
        subnets: options.subnets ?? {},
        virtualNetworkId: options.virtualNetworkId,
        existingSubnets: options.existingSubnets,
        peerings: options.peerings ?? [],
        connectedElsewhere: options.connectedElsewhere ?? false,
        routeTables: options.routeTables,
        outboundControl: options.outboundControl ?? OutboundControl.Firewall,
        natGateway,
        egressPrefixLength: options.egressPrefixLength ?? (natGateway ? 31 : ADDON_PREFIX_LENGTH),
        egressSku: options.egressSku ?? (natGateway ? EgressSku.StandardV2 : EgressSku.Standard),
        idleTimeoutMinutes: options.idleTimeoutMinutes ?? 10,
        allowedFqdns: options.allowedFqdns ?? [],
        allowedServiceTags: options.allowedServiceTags ?? [],
        partnerRanges: options.partnerRanges ?? [],
        partnerPorts: options.partnerPorts ?? [443],
        zones: options.zones ?? ["1", "2", "3"],
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
        ...validateExistingNetwork(request),
        ...validatePartnerRules(request),
        ...validateSku(request),
    ];
}

/** A gateway and a prefix are of one product, and only a NAT gateway takes StandardV2 (articles/nat-gateway/nat-sku.md). */
function validateSku({ natGateway, egressSku }: ResolvedNetwork): Violation[] {
    return natGateway || egressSku === EgressSku.Standard
        ? []
        : [
              {
                  path: "egressSku",
                  value: egressSku,
                  problem: "is for NAT gateways alone, and the nodes of the Istio add-on take this prefix",
                  expected: EgressSku.Standard,
                  fix: "Remove it",
              },
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
