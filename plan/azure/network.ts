import { contains, formatRange, parseRange, sizeOf, validateOverlaps, validateRange } from "../shared/addressRange";
import { validateExistingNetwork } from "./existingNetwork";
import { EgressSku } from "./networkOptions";
import { OutboundControl } from "./outboundControl";
import { validatePartnerRules } from "./partnerRules";
import { validateRegistryHosts } from "./registry";
import { ResolvedNetwork, SUBNETS, SubnetName, SubnetRanges } from "./resolvedNetwork";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

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
