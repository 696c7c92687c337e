import { NodePool, OsDiskType } from "./clusterOptions";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { AVAILABILITY_ZONES } from "./zones";

/** Label and taint of the nodes that run only the egress gateway. */
export const EGRESS_POOL = "mesh-egress/pool";
const EGRESS = "egress";

/** Node selector for the egress gateway's pods. */
export const egressNodeSelector: Record<string, string> = { [EGRESS_POOL]: EGRESS };
/** Tolerations for the egress gateway's pods. */
export const egressToleration = { key: EGRESS_POOL, operator: "Equal", value: EGRESS, effect: "NoSchedule" };
export const egressTaint = `${EGRESS_POOL}=${EGRESS}:NoSchedule`;

export interface NodePoolOptions {
    name: string;
    vmSize: string;
    minNodes: number;
    maxNodes: number;
    zones: string[];
    osDiskType?: OsDiskType;
    osDiskGb?: number;
}

/** A pool with its defaults: a fixed number of nodes, in three zones. */
export function resolvedPool(name: string, pool: NodePool): NodePoolOptions {
    const { vmSize, minNodes, maxNodes, zones, osDiskType, osDiskGb } = pool;
    return {
        ...{ name, vmSize, minNodes, maxNodes: maxNodes ?? minNodes, zones: zones ?? AVAILABILITY_ZONES },
        ...(osDiskType && { osDiskType }),
        ...(osDiskGb !== undefined && { osDiskGb }),
    };
}

export function validateNodePool(pool: NodePoolOptions): Violation[] {
    const violations = [
        ...validateName(pool.name),
        ...validateVmSize(pool.vmSize),
        ...validateWholeNumber("minNodes", pool.minNodes, "is not a number of nodes", { least: 1, most: 1000 }),
        ...validateWholeNumber("maxNodes", pool.maxNodes, "is not a number of nodes", { least: 1, most: 1000 }),
        ...validateZones(pool.zones),
        ...(pool.osDiskGb === undefined
            ? []
            : validateWholeNumber("osDiskGb", pool.osDiskGb, "is not a size of a system disk", {
                  least: 30,
                  most: 2048,
              })),
    ];
    if (violations.length === 0 && pool.maxNodes < pool.minNodes) {
        violations.push({
            path: "maxNodes",
            value: pool.maxNodes,
            problem: `is less than minNodes (${pool.minNodes})`,
            expected: `at least ${pool.minNodes}`,
            fix: "Raise maxNodes or lower minNodes",
        });
    }
    return violations;
}

/** Nodes that AKS adds to a pool during an upgrade: that number, or that part of them, at least one. */
export function surgeNodes(maxNodes: number, maxSurge: string): number {
    const count = Number.parseInt(maxSurge, 10);
    return Math.max(1, maxSurge.endsWith("%") ? Math.ceil((maxNodes * count) / 100) : count);
}

/** Number of vCPUs of a size such as `Standard_D4ds_v5`. Undefined if the name does not contain it. */
export function vCpus(vmSize: string): number | undefined {
    const count = /^Standard_[A-Z]+(\d+)/.exec(vmSize)?.[1];
    return count === undefined ? undefined : Number(count);
}

/**
 * Refuses a system pool below Microsoft's minimum (articles/aks/use-system-pools.md): two nodes with four vCPUs each.
 * With less, CoreDNS and the metrics server fail together with one node.
 */
export function validateSystemPool({ vmSize, minNodes }: NodePoolOptions): Violation[] {
    const cpus = vCpus(vmSize);
    return [
        ...(minNodes === 1
            ? [
                  {
                      path: "minNodes",
                      value: minNodes,
                      problem: "leaves the cluster without DNS while its only system node restarts",
                      expected: "at least 2 nodes in the system pool",
                      fix: "Set minNodes to 2",
                  },
              ]
            : []),
        ...(cpus !== undefined && cpus < 4
            ? [
                  {
                      path: "vmSize",
                      value: vmSize,
                      problem: `has ${cpus} vCPUs, but AKS's own workloads need 4 on a system node`,
                      expected: "a size with at least 4 vCPUs",
                      fix: 'Set vmSize to "Standard_D4ds_v5"',
                  },
              ]
            : []),
    ];
}

/**
 * Refuses an egress pool in a single zone: all egress traffic would stop if the zone fails. It does not know whether
 * the region has zones.
 */
export function validateEgressPool(pool: NodePoolOptions): Violation[] {
    const { zones, minNodes } = pool;
    const zoneCount = new Set(zones).size;
    const few: Violation[] =
        zoneCount !== 1
            ? []
            : [
                  {
                      path: "zones",
                      problem:
                          "the egress pool is in one zone, so the failure of one zone would stop all egress traffic",
                      expected: "at least two zones",
                      fix: 'Set zones to those of your region, for example ["1", "2", "3"]',
                  },
              ];
    const thin: Violation[] =
        zoneCount !== 1 && minNodes < 2
            ? [
                  {
                      path: "minNodes",
                      value: minNodes,
                      problem: "leaves all egress traffic to one node",
                      expected: "at least 2",
                      fix: "Raise it",
                  },
              ]
            : [];
    return [...validateNodePool(pool), ...few, ...thin];
}

function validateName(name: string): Violation[] {
    return /^[a-z][a-z0-9]{0,11}$/.test(name)
        ? []
        : [
              {
                  path: "name",
                  value: name,
                  problem: "is not a valid name for a pool of Linux nodes",
                  expected: "1 to 12 lower-case letters and digits, starting with a letter",
                  fix: "Choose another name",
              },
          ];
}

function validateVmSize(vmSize: string): Violation[] {
    return /^Standard_[A-Za-z0-9_-]+$/.test(vmSize)
        ? []
        : [
              {
                  path: "vmSize",
                  value: vmSize,
                  problem: "is not a virtual machine size",
                  expected: 'a size such as "Standard_D4ds_v5"',
                  fix: "Choose one that this command lists: az vm list-skus --location <location> --size Standard_D",
              },
          ];
}

function validateZones(zones: string[]): Violation[] {
    return zones.flatMap((zone, index) =>
        /^[1-9]$/.test(zone) && zones.indexOf(zone) === index
            ? []
            : [
                  {
                      path: `zones[${index}]`,
                      value: zone,
                      problem: zones.indexOf(zone) === index ? "is not an availability zone" : "is a duplicate",
                      expected: 'zones such as "1", "2" and "3", each once',
                      fix: "Correct it",
                  },
              ],
    );
}
