import { Refusal } from "../shared/violation";
import { refuseWholeNumber } from "../shared/wholeNumber";

/** Label and taint of the nodes that are there for the egress gateway alone. */
export const EGRESS_POOL = "mesh-egress/pool";
const EGRESS = "egress";

/** Where the egress gateway's pods go, as in a pod's `nodeSelector`. */
export const egressNodeSelector: Record<string, string> = { [EGRESS_POOL]: EGRESS };
/** What they must tolerate there. */
export const egressToleration = { key: EGRESS_POOL, operator: "Equal", value: EGRESS, effect: "NoSchedule" };
export const egressTaint = `${EGRESS_POOL}=${EGRESS}:NoSchedule`;

export interface NodePoolRequest {
    name: string;
    vmSize: string;
    minNodes: number;
    maxNodes: number;
    zones: string[];
}

export function refuseNodePool(pool: NodePoolRequest): Refusal[] {
    const refusals = [
        ...refuseName(pool.name),
        ...refuseVmSize(pool.vmSize),
        ...refuseWholeNumber("minNodes", pool.minNodes, "is no number of nodes", { least: 1, most: 1000 }),
        ...refuseWholeNumber("maxNodes", pool.maxNodes, "is no number of nodes", { least: 1, most: 1000 }),
        ...refuseZones(pool.zones),
    ];
    if (refusals.length === 0 && pool.maxNodes < pool.minNodes) {
        refusals.push({
            path: "maxNodes",
            value: pool.maxNodes,
            problem: `is less than minNodes (${pool.minNodes})`,
            expected: `at least ${pool.minNodes}`,
            fix: "Raise maxNodes or lower minNodes",
        });
    }
    return refusals;
}

/** Refuses a pool that one zone's failure would take away, and the way out with it. */
export function refuseEgressPool(pool: NodePoolRequest): Refusal[] {
    const { zones, minNodes } = pool;
    const zoneCount = new Set(zones).size;
    const few: Refusal[] =
        zoneCount >= 2
            ? []
            : [
                  {
                      path: "zones",
                      problem: `the egress pool is in ${zoneCount === 0 ? "no zone" : "one zone"}, and the way out would go with it`,
                      expected: "at least two zones",
                      fix: 'Set zones to those of your region, for example ["1", "2", "3"]',
                  },
              ];
    const thin: Refusal[] =
        zoneCount >= 2 && minNodes < 2
            ? [
                  {
                      path: "minNodes",
                      value: minNodes,
                      problem: "leaves all but one zone without a node of the egress pool",
                      expected: "at least 2",
                      fix: "Raise it",
                  },
              ]
            : [];
    return [...refuseNodePool(pool), ...few, ...thin];
}

function refuseName(name: string): Refusal[] {
    return /^[a-z][a-z0-9]{0,11}$/.test(name)
        ? []
        : [
              {
                  path: "name",
                  value: name,
                  problem: "is no name for a pool of Linux nodes",
                  expected: "1 to 12 lower-case letters and digits, a letter first",
                  fix: "Choose another name",
              },
          ];
}

function refuseVmSize(vmSize: string): Refusal[] {
    return /^Standard_[A-Za-z0-9_-]+$/.test(vmSize)
        ? []
        : [
              {
                  path: "vmSize",
                  value: vmSize,
                  problem: "is no size of a virtual machine",
                  expected: 'a size such as "Standard_D4ds_v5"',
                  fix: "Choose one of az vm list-skus --location <location> --size Standard_D",
              },
          ];
}

function refuseZones(zones: string[]): Refusal[] {
    return zones.flatMap((zone, index) =>
        /^[1-9]$/.test(zone) && zones.indexOf(zone) === index
            ? []
            : [
                  {
                      path: `zones[${index}]`,
                      value: zone,
                      problem: zones.indexOf(zone) === index ? "is no availability zone" : "is in the list already",
                      expected: 'zones such as "1", "2" and "3", each once',
                      fix: "Correct it",
                  },
              ],
    );
}
