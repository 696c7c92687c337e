import { Violation, under } from "../shared/violation";
import { parseRange, sizeOf, validateOverlaps } from "../shared/addressRange";
import { ApiServerAccess } from "../azure/clusterOptions";
import { validateCluster } from "../azure/cluster";
import { ResolvedCluster, resolvedCluster } from "../azure/resolvedCluster";
import { DEFAULT_TTL_SECONDS, ZoneOptions, validateZone } from "../azure/dnsZone";
import { subnetRanges, validateNetwork } from "../azure/network";
import { ResolvedNetwork, SubnetName, resolvedNetwork } from "../azure/resolvedNetwork";
import { OutboundControl, isRouted } from "../azure/outboundControl";
import { validateObjectId } from "../azure/objectId";
import { NodePoolOptions, surgeNodes } from "../azure/nodePool";
import { DEFAULT_MACHINE_RANGE, MachineOptions, validateMachine } from "../azure/serverMachine";
import { registryHosts, validateRegistryId } from "../azure/registry";
import { validateClusterRegion, validateNetworkRegion } from "../azure/regions";
import { ClusterRanges } from "./aksLockdown";
import { AksOptions } from "./aksOptions";

/** The network, the cluster and the partner of an environment, with their defaults. */
export interface ResolvedAks {
    location: string;
    adminGroup: string;
    network: ResolvedNetwork;
    cluster: ResolvedCluster;
    /** The machine that acts as a partner, and the zone of its hosts. */
    partner?: { machine: MachineOptions; zone?: ZoneOptions };
}

/** Settings of the cluster that follow from the environment's mesh and gateway. */
export interface AksMesh {
    /** Revision of the Istio add-on; undefined with Istio from its charts. */
    addonRevision?: string;
    gatewayName?: string;
    gatewayNamespace?: string;
}

/** The options with their defaults, which depend on network, cluster and mesh together. */
export function resolvedAks(options: AksOptions, mesh: AksMesh): ResolvedAks {
    const network = withRegistries(resolvedNetwork(options.network ?? {}, mesh.addonRevision === undefined), options);
    const { partner } = options;
    return {
        location: options.location,
        adminGroup: options.adminGroup,
        network,
        cluster: resolvedCluster(options.cluster, {
            routed: isRouted(network.outboundControl),
            addon:
                mesh.addonRevision === undefined
                    ? undefined
                    : {
                          revision: mesh.addonRevision,
                          gatewayName: mesh.gatewayName,
                          gatewayNamespace: mesh.gatewayNamespace,
                          egressPrefixLength: network.egressPrefixLength,
                      },
        }),
        partner: partner && {
            machine: { hosts: partner.hosts, addressRange: DEFAULT_MACHINE_RANGE },
            zone:
                partner.zoneName === undefined
                    ? undefined
                    : { zoneName: partner.zoneName, hosts: partner.hosts, ttlSeconds: DEFAULT_TTL_SECONDS },
        },
    };
}

/** The network, with a firewall that lets the nodes pull from the cluster's registries. */
function withRegistries(network: ResolvedNetwork, { cluster, location }: AksOptions): ResolvedNetwork {
    const hosts = (cluster.registryIds ?? [])
        .filter((id) => validateRegistryId("", id).length === 0)
        .flatMap((id) => registryHosts(id, location));
    return network.outboundControl === OutboundControl.Firewall
        ? { ...network, allowedFqdns: [...new Set([...network.allowedFqdns, ...hosts])] }
        : network;
}

/** Whether the partner's machine serves all hosts of a route. */
export function isAtPartner(hosts: string[], partner: { hosts: string[] } | undefined): boolean {
    return partner !== undefined && hosts.every((host) => partner.hosts.includes(host));
}

/** The addresses of a cluster; those of nodes are not known where their subnets exist already. */
export function clusterRanges({ network, cluster }: ResolvedAks): ClusterRanges {
    const { nodes, egress } = subnetRanges(network);
    return {
        pods: cluster.podRange,
        services: cluster.serviceRange,
        nodes: network.existingSubnets ? [] : [nodes, egress],
    };
}

/** Number of addresses that Azure reserves in each subnet. */
const RESERVED_ADDRESSES = 5;

/** Violations in each part of an AKS environment, and in their combination. */
export function validateAksEnvironment({ location, adminGroup, network, cluster, partner }: ResolvedAks): Violation[] {
    const { systemPool, userPools, egressPool } = cluster;
    return [
        ...validateObjectId("adminGroup", adminGroup),
        ...under("network", [...validateNetwork(network), ...validateNetworkRegion(location, network)]),
        ...under("cluster", [...validateCluster(cluster), ...validateClusterRegion(location, cluster)]),
        ...(partner ? under("partner", validatePartner(partner.machine, partner.zone)) : []),
        ...validateOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.podRange", text: cluster.podRange },
        ]),
        ...validateOverlaps([
            { path: "network.addressSpace", text: network.addressSpace },
            { path: "cluster.serviceRange", text: cluster.serviceRange },
        ]),
        ...validateReach(network, cluster),
        ...validateCrowd("nodes", network, [systemPool, ...userPools], cluster.maxSurge),
        ...validateCrowd("egress", network, [egressPool], cluster.maxSurge),
    ];
}

/**
 * Refuses a private API server in a network that this program creates without any connection: the first update could
 * create the cluster but could not install anything in it.
 */
function validateReach(network: ResolvedNetwork, { access }: ResolvedCluster): Violation[] {
    const { virtualNetworkId, existingSubnets, peerings, connectedElsewhere } = network;
    const isConnected = virtualNetworkId ?? existingSubnets ?? (peerings.length > 0 || connectedElsewhere);
    return access !== ApiServerAccess.Private || isConnected
        ? []
        : [
              {
                  path: "cluster.access",
                  value: access,
                  problem:
                      "makes the API server private, but the network has no connection, so the first update cannot reach the API server",
                  expected:
                      "a network that is connected with the machine that runs the update, or access: authorizedRanges",
                  fix: "Set network.peerings to your hub, network.virtualNetworkId to an existing network, or network.connectedElsewhere to true if something else connects it",
              },
          ];
}

/** The violations, with the paths of the zone's records changed to those of the machine's hosts. */
function validatePartner(machine: MachineOptions, zone?: ZoneOptions): Violation[] {
    const ofZone = (zone ? validateZone(zone) : []).map((violation) => ({
        ...violation,
        path: violation.path.replace(/^records(\[\d+\])\.host$/, "hosts$1"),
    }));
    const ofMachine = validateMachine(machine);
    return [...ofMachine, ...ofZone.filter(({ path }) => !ofMachine.some((other) => other.path === path))];
}

/** Refuses a subnet with too few addresses for its pools at their largest, including the nodes that an upgrade adds. */
function validateCrowd(
    subnet: SubnetName,
    network: ResolvedNetwork,
    pools: NodePoolOptions[],
    maxSurge: string,
): Violation[] {
    if (network.existingSubnets) {
        return [];
    }
    const text = subnetRanges(network)[subnet];
    const range = parseRange(text);
    const needed = pools.reduce((sum, { maxNodes }) => sum + maxNodes + surgeNodes(maxNodes, maxSurge), 0);
    const free = range && Number(sizeOf(range)) - RESERVED_ADDRESSES;
    return free === undefined || needed <= free
        ? []
        : [
              {
                  path: `network.subnets.${subnet}`,
                  value: text,
                  problem: `has ${free} addresses for nodes, but its pools need up to ${needed} during an upgrade`,
                  expected: `at least ${needed + RESERVED_ADDRESSES} addresses`,
                  fix: "Choose a larger range, or lower maxNodes",
              },
          ];
}
