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

/** The subnets of every network, with their purpose. */
export const SUBNETS = ["nodes", "firewall", "egress", "apiServer"] as const;
export type SubnetName = (typeof SUBNETS)[number];
export type SubnetRanges = Record<SubnetName, string>;

export interface ResolvedNetwork {
    addressSpace: string;
    /** Ranges that the user chose. The other ranges are carved out of the address space. */
    subnets: Partial<SubnetRanges>;
    virtualNetworkId?: string;
    existingSubnets?: ExistingSubnets;
    peerings: NetworkPeering[];
    connectedElsewhere: boolean;
    routeTables?: ExistingRouteTables;
    outboundControl: OutboundControl;
    /** Whether a NAT gateway uses the prefix. Otherwise the nodes of the Istio add-on do. */
    natGateway: boolean;
    egressPrefixLength: number;
    egressSku: EgressSku;
    idleTimeoutMinutes: number;
    allowedFqdns: string[];
    allowedServiceTags: string[];
    partnerRanges: string[];
    partnerPorts: number[];
    zones: string[];
    /** Whether a lock keeps everybody from deleting the prefix. */
    deleteLock: boolean;
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
        deleteLock: options.deleteLock ?? false,
    };
}

/** Maximum prefix length of each subnet. */
const LONGEST: Record<SubnetName, { length: number; because: string }> = {
    nodes: { length: 27, because: "Azure reserves 5 addresses, and an upgrade needs some for additional nodes" },
    firewall: { length: 26, because: "Azure Firewall accepts no smaller one" },
    egress: {
        length: 28,
        because: "Azure reserves 5 addresses, and an upgrade needs one for an additional node in each zone",
    },
    apiServer: { length: 28, because: "AKS accepts no smaller one for its API server" },
};
/** Maximum prefix length of the address space. With a longer prefix, the default layout does not fit. */
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
        ...validateWholeNumber(
            "egressPrefixLength",
            request.egressPrefixLength,
            "is not a prefix length that Azure offers",
            {
                least: 28,
                most: 31,
            },
        ),
        ...validateWholeNumber(
            "idleTimeoutMinutes",
            request.idleTimeoutMinutes,
            "is not a valid timeout for a NAT gateway",
            {
                least: 4,
                most: 120,
            },
        ),
        ...validateUnused("subnets.firewall", subnets.firewall ? [subnets.firewall] : [], outboundControl, "firewall"),
        ...validateRegistryHosts("allowedFqdns", request.allowedFqdns),
        ...validateUnused("allowedFqdns", request.allowedFqdns, outboundControl, "firewall"),
        ...validateUnused("allowedServiceTags", request.allowedServiceTags, outboundControl, "nsg"),
        ...validateExistingNetwork(request),
        ...validatePartnerRules(request),
        ...validateSku(request),
    ];
}

/**
 * NAT gateway and prefix must be of the same SKU, and only a NAT gateway accepts StandardV2
 * (articles/nat-gateway/nat-sku.md).
 */
function validateSku({ natGateway, egressSku }: ResolvedNetwork): Violation[] {
    return natGateway || egressSku === EgressSku.Standard
        ? []
        : [
              {
                  path: "egressSku",
                  value: egressSku,
                  problem: "is for NAT gateways only, but the nodes of the Istio add-on use this prefix",
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
                      problem: "is not inside the network's address space",
                      expected: `a part of ${addressSpace}`,
                      fix: "Change it, or remove it to use a part of the address space",
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
                  problem: `has no effect, because outboundControl is ${outboundControl}`,
                  expected: `outboundControl: ${reader}`,
                  fix: "Change outboundControl, or remove it",
              },
          ];
}

/**
 * Address range of each subnet. A range that the user does not choose has a fixed position: the nodes get the lower
 * half, and the others follow from the start of the upper half. Empty without an address space.
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
