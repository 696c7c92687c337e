import { addressAt, parseRange, refuseOverlaps, refuseRange } from "../shared/addressRange";
import { pinsPatch, refuseKubernetesVersion } from "./kubernetesVersion";
import { MaintenanceRequest, refuseMaintenance } from "./maintenance";
import { NodePoolRequest, refuseEgressPool, refuseNodePool } from "./nodePool";
import { AddonRequest, refuseAddon } from "../mesh/meshAddon";
import { Refusal, under } from "../shared/violation";
import { refuseWholeNumber } from "../shared/wholeNumber";

/** Who reaches the API server. */
export type ApiServerAccess = "private" | "authorizedRanges" | "open";
/** What enforces network policies. */
export type PolicyEngine = "cilium" | "calico" | "none";

export interface ClusterRequest {
    kubernetesVersion: string;
    systemPool: NodePoolRequest;
    userPools: NodePoolRequest[];
    egressPool: NodePoolRequest;
    networkPolicy: PolicyEngine;
    podRange: string;
    serviceRange: string;
    access: ApiServerAccess;
    authorizedIpRanges: string[];
    upgradeChannel: "none" | "patch";
    maintenance: MaintenanceRequest;
    logRetentionDays: number;
    /** Whether routes take what leaves the nodes to a firewall. */
    routed: boolean;
    addon?: AddonRequest;
}

export function refuseCluster(request: ClusterRequest): Refusal[] {
    const { systemPool, userPools, egressPool, podRange, serviceRange, addon } = request;
    return [
        ...refuseKubernetesVersion("kubernetesVersion", request.kubernetesVersion),
        ...refuseChannel(request),
        ...under("systemPool", refuseNodePool(systemPool)),
        ...userPools.flatMap((pool, index) => under(`userPools[${index}]`, refuseNodePool(pool))),
        ...under("egressPool", refuseEgressPool(egressPool)),
        ...refuseSharedNames(request),
        ...refusePolicyEngine(request.networkPolicy),
        ...refuseRange("podRange", podRange),
        ...refuseRange("serviceRange", serviceRange),
        ...refuseServiceRange(serviceRange),
        ...refuseOverlaps([
            { path: "podRange", text: podRange },
            { path: "serviceRange", text: serviceRange },
        ]),
        ...refuseAccess(request),
        ...under("maintenance", refuseMaintenance(request.maintenance)),
        ...refuseWholeNumber("logRetentionDays", request.logRetentionDays, "is no time that Azure keeps logs for", {
            least: 30,
            most: 730,
        }),
        ...(addon ? under("addon", refuseClusterAddon(request, addon)) : []),
    ];
}

function refuseClusterAddon({ egressPool, routed }: ClusterRequest, addon: AddonRequest): Refusal[] {
    return [...refuseAddon(addon), ...refuseGatewayNodes(egressPool, addon), ...(routed ? [routedAddon] : [])];
}

const routedAddon: Refusal = {
    path: "",
    problem: "cannot leave from its own addresses, because the routes take everything of its nodes to the firewall",
    expected: "no routeTableIds with the add-on",
    fix: "Use the lockdown nsg or open, or Istio from its charts with an egress pool behind a NAT gateway",
};

/** The fixed number of nodes is that of the addresses which the pool is given. */
function refuseGatewayNodes({ minNodes, maxNodes }: NodePoolRequest, { egressPrefixLength }: AddonRequest): Refusal[] {
    const most = 2 ** (32 - egressPrefixLength);
    return minNodes === maxNodes && maxNodes <= most
        ? []
        : [
              {
                  path: "egressPrefixLength",
                  value: egressPrefixLength,
                  problem: `does not go with an egress pool of ${minNodes} to ${maxNodes} nodes, which AKS cannot scale while it is a gateway`,
                  expected: `as many nodes at least as at most, and no more than the ${most} addresses`,
                  fix: "Set egressPool.minNodes and maxNodes to one number, or choose a shorter prefix",
              },
          ];
}

function refuseChannel({ upgradeChannel, kubernetesVersion }: ClusterRequest): Refusal[] {
    return upgradeChannel === "none" || !pinsPatch(kubernetesVersion)
        ? []
        : [
              {
                  path: "upgradeChannel",
                  value: upgradeChannel,
                  problem: `lets AKS move the patch that kubernetesVersion (${kubernetesVersion}) pins, and the next update would move it back`,
                  expected: "a minor version with the channel patch, or the channel none",
                  fix: `Set kubernetesVersion to ${JSON.stringify(kubernetesVersion.split(".").slice(0, 2).join("."))}, or upgradeChannel to none`,
              },
          ];
}

function refuseSharedNames({ systemPool, userPools, egressPool }: ClusterRequest): Refusal[] {
    const pools = [
        { path: "systemPool", pool: systemPool },
        { path: "egressPool", pool: egressPool },
        ...userPools.map((pool, index) => ({ path: `userPools[${index}]`, pool })),
    ];
    return pools.flatMap(({ path, pool }, index) => {
        const first = pools.find((other) => other.pool.name === pool.name);
        return first === undefined || first === pools[index]
            ? []
            : [
                  {
                      path: `${path}.name`,
                      value: pool.name,
                      problem: `is already the name of ${first.path}`,
                      expected: "another name for each pool",
                      fix: "Rename one of the two",
                  },
              ];
    });
}

function refusePolicyEngine(engine: PolicyEngine): Refusal[] {
    return engine !== "none"
        ? []
        : [
              {
                  path: "networkPolicy",
                  value: engine,
                  problem: "leaves nobody to enforce network policies: they would be accepted and do nothing",
                  expected: "cilium or calico",
                  fix: 'Leave it out for "cilium"',
              },
          ];
}

function refuseServiceRange(text: string): Refusal[] {
    const range = parseRange(text);
    return range === undefined || (range.length >= 12 && range.length <= 27)
        ? []
        : [
              {
                  path: "serviceRange",
                  value: text,
                  problem: "has a size that AKS does not take for services",
                  expected: "a prefix from /12 to /27",
                  fix: "Choose another range",
              },
          ];
}

function refuseAccess({ access, authorizedIpRanges }: ClusterRequest): Refusal[] {
    if (access === "authorizedRanges") {
        return authorizedIpRanges.length > 0
            ? authorizedIpRanges.flatMap((range, index) => refuseRange(`authorizedIpRanges[${index}]`, range))
            : [
                  {
                      path: "authorizedIpRanges",
                      problem: "the list is empty, so nobody could reach the API server",
                      expected: "the ranges of those who deploy",
                      fix: 'Set it, for example to the address of your own network as "203.0.113.7/32"',
                  },
              ];
    }
    return authorizedIpRanges.length === 0
        ? []
        : [
              {
                  path: "authorizedIpRanges",
                  problem:
                      access === "private"
                          ? "are given, and a private cluster has no address to reach from them"
                          : "are given, and an open API server asks nobody where they are",
                  expected: "access: authorizedRanges with them, or another access without them",
                  fix: "Decide for one of the two",
              },
          ];
}

/** The cluster's DNS server: the tenth address of the services, as everywhere in Kubernetes. */
export function dnsServiceAddress(serviceRange: string): string {
    return addressAt((parseRange(serviceRange)?.start ?? 0) + 10);
}

/** ARM's network profile, without what only the network knows. */
export function networkProfile({ networkPolicy, podRange, serviceRange, addon }: ClusterRequest) {
    return {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: networkPolicy === "cilium" ? "cilium" : "azure",
        networkPolicy,
        podCidr: podRange,
        serviceCidr: serviceRange,
        dnsServiceIP: dnsServiceAddress(serviceRange),
        loadBalancerSku: "standard",
        ...(addon && { staticEgressGatewayProfile: { enabled: true } }),
    };
}

/** ARM's profile of who reaches the API server, without the subnet it is in. */
export function apiServerAccessProfile({ access, authorizedIpRanges }: ClusterRequest) {
    return {
        enableVnetIntegration: true,
        enablePrivateCluster: access === "private",
        // Commands through Azure's own API would go around all of the above.
        disableRunCommand: true,
        ...(access === "authorizedRanges" && { authorizedIPRanges: authorizedIpRanges }),
    };
}
