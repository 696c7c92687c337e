import { Violation } from "../shared/violation";
import { ResolvedCluster } from "./resolvedCluster";
import { ResolvedNetwork } from "./resolvedNetwork";
import { EgressSku } from "./networkOptions";

/*
 * Regions without certain features. A region that is in no list has them: `azure check` asks Azure for the zones of
 * each size of machines.
 *
 * Zones: articles/reliability/regions-list.md of MicrosoftDocs/azure-docs, dated 2025-03-21. StandardV2:
 * articles/nat-gateway/nat-sku.md there, dated 2026-07-27.
 */
export const REGIONS_DATE = "2026-11-26";

const WITHOUT_ZONES = names(
    "Australia Central, Australia Central 2, Australia Southeast, Brazil Southeast, Canada East, France South, Germany North, " +
        "Korea South, North Central US, Norway West, South Africa West, South India, Switzerland West, UAE Central, UK West, " +
        "West Central US, West India, West US",
);
const WITHOUT_STANDARD_V2 = names(
    "Canada East, Indonesia Central, Israel Northwest, Qatar Central, Sweden South, West India",
);

function names(list: string): Set<string> {
    return new Set(list.split(", ").map(regionName));
}

/** Normalizes a region's name: `West Europe` and `westeurope` are the same region. */
function regionName(location: string): string {
    return location.toLowerCase().replaceAll(" ", "");
}

/** Refuses a network that its region does not support. */
export function validateNetworkRegion(location: string, network: ResolvedNetwork): Violation[] {
    const { natGateway, existingSubnets, egressSku, zones } = network;
    const makesGateway = natGateway && existingSubnets === undefined;
    return [
        ...(makesGateway && egressSku === EgressSku.StandardV2 && WITHOUT_STANDARD_V2.has(regionName(location))
            ? [
                  {
                      path: "egressSku",
                      value: egressSku,
                      problem: `is not offered in ${location} (table of ${REGIONS_DATE})`,
                      expected: `${EgressSku.Standard}, whose addresses fail with the zone of the NAT gateway`,
                      fix: "Set egressSku to standard, or choose another region",
                  },
              ]
            : []),
        ...(zones.length > 0 && isWithoutZones(location) ? [noZones("zones", location)] : []),
    ];
}

/**
 * Refuses pools in zones that their region does not have, and an egress pool without zones in a region that has them.
 */
export function validateClusterRegion(
    location: string,
    { systemPool, userPools, egressPool }: Pick<ResolvedCluster, "systemPool" | "userPools" | "egressPool">,
): Violation[] {
    const pools = [
        { path: "systemPool.zones", pool: systemPool },
        ...userPools.map((pool, index) => ({ path: `userPools[${index}].zones`, pool })),
        { path: "egressPool.zones", pool: egressPool },
    ];
    if (isWithoutZones(location)) {
        return pools.flatMap(({ path, pool }) => (pool.zones.length > 0 ? [noZones(path, location)] : []));
    }
    return egressPool.zones.length > 0
        ? []
        : [
              {
                  path: "egressPool.zones",
                  problem: `the egress pool has no zones, although ${location} has some (table of ${REGIONS_DATE}), so the failure of one zone could stop all egress traffic`,
                  expected: "at least two zones",
                  fix: 'Set zones to those of your region, for example ["1", "2", "3"]',
              },
          ];
}

function isWithoutZones(location: string): boolean {
    return WITHOUT_ZONES.has(regionName(location));
}

function noZones(path: string, location: string): Violation {
    return {
        path,
        problem: `cannot be used: ${location} has no availability zones (table of ${REGIONS_DATE})`,
        expected: "an empty list",
        fix: `Set ${path} to [], or choose a region with zones`,
    };
}
