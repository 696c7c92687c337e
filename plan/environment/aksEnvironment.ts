import { Refusal, under } from "../shared/violation";
import { parseRange, refuseOverlaps } from "../shared/addressRange";
import { ClusterRequest, refuseCluster } from "../azure/cluster";
import { ZoneRequest, refuseZone } from "../azure/dnsZone";
import { NetworkRequest, SubnetName, refuseNetwork, subnetRanges } from "../azure/network";
import { NodePoolRequest } from "../azure/nodePool";
import { MachineRequest, refuseMachine } from "../azure/serverMachine";

export interface AksEnvironmentRequest {
    network: NetworkRequest;
    cluster: ClusterRequest;
    /** The machine that stands for a partner, and the zone that its hosts are in. */
    partner?: { machine: MachineRequest; zone: ZoneRequest };
}

/** Addresses of a subnet that Azure keeps. */
const RESERVED_ADDRESSES = 5;
/** Part of a pool's nodes that AKS adds during an upgrade. */
const SURGE = 0.1;

/** Everything that the parts of an AKS environment would refuse, and what only shows when they are seen together. */
export function refuseAksEnvironment({ network, cluster, partner }: AksEnvironmentRequest): Refusal[] {
    const { systemPool, userPools, egressPool } = cluster;
    return [
        ...under("network", refuseNetwork(network)),
        ...under("cluster", refuseCluster(cluster)),
        ...(partner ? under("partner", refusePartner(partner.machine, partner.zone)) : []),
        ...refuseOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.podRange", text: cluster.podRange },
        ]),
        ...refuseOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.serviceRange", text: cluster.serviceRange },
        ]),
        ...refuseCrowd("nodes", network, [systemPool, ...userPools]),
        ...refuseCrowd("egress", network, [egressPool]),
    ];
}

/** The zone's records are the machine's hosts, and are named so. */
function refusePartner(machine: MachineRequest, zone: ZoneRequest): Refusal[] {
    const ofZone = refuseZone(zone).map((refusal) => ({
        ...refusal,
        path: refusal.path.replace(/^records(\[\d+\])\.host$/, "hosts$1"),
    }));
    const ofMachine = refuseMachine(machine);
    return [...ofMachine, ...ofZone.filter(({ path }) => !ofMachine.some((other) => other.path === path))];
}

/** Refuses a subnet that has no address for every node that its pools may have, with those that an upgrade adds. */
function refuseCrowd(subnet: SubnetName, network: NetworkRequest, pools: NodePoolRequest[]): Refusal[] {
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
