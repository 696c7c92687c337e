import { Violation, under } from "../shared/violation";
import { parseRange, validateOverlaps } from "../shared/addressRange";
import { ClusterOptions, validateCluster } from "../azure/cluster";
import { ZoneOptions, validateZone } from "../azure/dnsZone";
import { NetworkOptions, SubnetName, validateNetwork, subnetRanges } from "../azure/network";
import { NodePoolOptions } from "../azure/nodePool";
import { MachineOptions, validateMachine } from "../azure/serverMachine";

export interface AksEnvironmentOptions {
    network: NetworkOptions;
    cluster: ClusterOptions;
    /** The machine that stands for a partner, and the zone that its hosts are in. */
    partner?: { machine: MachineOptions; zone: ZoneOptions };
}

/** Addresses of a subnet that Azure keeps. */
const RESERVED_ADDRESSES = 5;
/** Part of a pool's nodes that AKS adds during an upgrade. */
const SURGE = 0.1;

/** Everything that the parts of an AKS environment would refuse, and what only shows when they are seen together. */
export function validateAksEnvironment({ network, cluster, partner }: AksEnvironmentOptions): Violation[] {
    const { systemPool, userPools, egressPool } = cluster;
    return [
        ...under("network", validateNetwork(network)),
        ...under("cluster", validateCluster(cluster)),
        ...(partner ? under("partner", validatePartner(partner.machine, partner.zone)) : []),
        ...validateOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.podRange", text: cluster.podRange },
        ]),
        ...validateOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.serviceRange", text: cluster.serviceRange },
        ]),
        ...validateCrowd("nodes", network, [systemPool, ...userPools]),
        ...validateCrowd("egress", network, [egressPool]),
    ];
}

/** The zone's records are the machine's hosts, and are named so. */
function validatePartner(machine: MachineOptions, zone: ZoneOptions): Violation[] {
    const ofZone = validateZone(zone).map((violation) => ({
        ...violation,
        path: violation.path.replace(/^records(\[\d+\])\.host$/, "hosts$1"),
    }));
    const ofMachine = validateMachine(machine);
    return [...ofMachine, ...ofZone.filter(({ path }) => !ofMachine.some((other) => other.path === path))];
}

/** Refuses a subnet that has no address for every node that its pools may have, with those that an upgrade adds. */
function validateCrowd(subnet: SubnetName, network: NetworkOptions, pools: NodePoolOptions[]): Violation[] {
    const text = subnetRanges(network)[subnet];
    const range = parseRange(text);
    const needed = pools.reduce((sum, { maxNodes }) => sum + maxNodes + Math.ceil(maxNodes * SURGE), 0);
    const free = range && range.size - RESERVED_ADDRESSES;
    return free === undefined || needed <= free
        ? []
        : [
              {
                  path: `network.subnets.${subnet}`,
                  value: text,
                  problem: `has ${free} addresses for nodes, and its pools need ${needed} at their largest during an upgrade`,
                  expected: `at least ${needed + RESERVED_ADDRESSES} addresses`,
                  fix: "Choose a larger range, or lower maxNodes",
              },
          ];
}
