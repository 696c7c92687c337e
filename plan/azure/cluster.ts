import { addressAt, parseRange, validateOverlaps, validateRange } from "../shared/addressRange";
import { validateClusterFeatures } from "./clusterFeatures";
import { validateObjectId } from "./objectId";
import { pinsPatch, validateKubernetesVersion } from "./kubernetesVersion";
import { validateMaintenance } from "./maintenance";
import { NodePoolOptions, surgeNodes, validateEgressPool, validateNodePool, validateSystemPool } from "./nodePool";
import { AddonOptions, validateAddon } from "../mesh/meshAddon";
import { validateOpenRanges } from "../shared/openRange";
import { validateLabel } from "../shared/names";
import { validateRegistryId } from "./registry";
import { ResolvedCluster } from "./resolvedCluster";
import { Violation, under } from "../shared/violation";
import { validateRevisionSupport } from "./supportTable";
import { validateWholeNumber } from "../shared/wholeNumber";
import { CLUSTER_DEFAULTS } from "./clusterOptions";

function noDailyCap(value: number): Violation {
    return {
        path: "logDailyCapGb",
        value,
        problem: "is not an amount of logs; without a cap, a single pod can make the workspace arbitrarily expensive",
        expected: "a number of gigabytes above 0",
        fix: `Set logDailyCapGb to ${CLUSTER_DEFAULTS.logDailyCapGb}, or to the amount per day that you want to pay for`,
    };
}

/**
 * Refuses a cluster that AKS would refuse, or that would break a promise of this package. Support is checked as of
 * `today`.
 */
export function validateCluster(request: ResolvedCluster, today: Date = new Date()): Violation[] {
    const { systemPool, userPools, egressPool, podRange, serviceRange, addon } = request;
    return [
        ...validateKubernetesVersion("kubernetesVersion", request.kubernetesVersion, today),
        ...validateChannel(request),
        ...under("systemPool", validateNodePool(systemPool)),
        ...userPools.flatMap((pool, index) => under(`userPools[${index}]`, validateNodePool(pool))),
        ...under("egressPool", validateEgressPool(egressPool)),
        ...validateSharedNames(request),
        ...validateRange("podRange", podRange),
        ...validateRange("serviceRange", serviceRange),
        ...validateServiceRange(serviceRange),
        ...validateOverlaps([
            { path: "podRange", text: podRange },
            { path: "serviceRange", text: serviceRange },
        ]),
        ...validateAccess(request),
        ...request.clusterAdmins.flatMap((id, index) => validateObjectId(`clusterAdmins[${index}]`, id)),
        ...under("maintenance", validateMaintenance(request.maintenance)),
        ...validateWholeNumber(
            "logRetentionDays",
            request.logRetentionDays,
            "is not a retention time that Azure accepts",
            {
                least: 30,
                most: 730,
            },
        ),
        ...(request.logDailyCapGb > 0 ? [] : [noDailyCap(request.logDailyCapGb)]),
        ...request.logExcludedNamespaces.flatMap((name, index) =>
            validateLabel(`logExcludedNamespaces[${index}]`, name, "a namespace"),
        ),
        ...validateClusterFeatures(request),
        ...request.registryIds.flatMap((id, index) => validateRegistryId(`registryIds[${index}]`, id)),
        ...(addon
            ? under("addon", [
                  ...validateClusterAddon(request, addon),
                  ...validateRevisionSupport("revision", addon.revision, today),
              ])
            : []),
        ...under("systemPool", validateSystemPool(systemPool)),
    ];
}

function validateClusterAddon({ egressPool, maxSurge, routed }: ResolvedCluster, addon: AddonOptions): Violation[] {
    return [
        ...validateAddon(addon),
        ...validateGatewayNodes(egressPool, surgeNodes(egressPool.maxNodes, maxSurge), addon),
        ...(routed ? [routedAddon] : []),
    ];
}

const routedAddon: Violation = {
    path: "",
    problem: "cannot leave from its own addresses, because the routes send all traffic of its nodes to the firewall",
    expected: "no routeTableIds with the add-on",
    fix: "Set outboundControl to nsg or open, or use Istio from its charts with an egress pool behind a NAT gateway",
};

/**
 * Each node of a gateway's pool has an address of the prefix, those that an upgrade adds, too, and AKS does not scale the pool
 * (articles/aks/configure-static-egress-gateway.md of MicrosoftDocs/azure-aks-docs).
 */
function validateGatewayNodes(
    { minNodes, maxNodes }: NodePoolOptions,
    surge: number,
    { egressPrefixLength }: AddonOptions,
): Violation[] {
    const most = 2 ** (32 - egressPrefixLength);
    return minNodes === maxNodes && maxNodes + surge <= most
        ? []
        : [
              {
                  path: "egressPrefixLength",
                  value: egressPrefixLength,
                  problem: `does not go with an egress pool of ${minNodes} to ${maxNodes} nodes: AKS does not scale it while it is a gateway, and an upgrade adds ${surge}`,
                  expected: `as many nodes at least as at most, and with those of an upgrade no more than the ${most} addresses`,
                  fix: "Set egressPool.minNodes and maxNodes to the same number, or choose a shorter prefix, such as 30 for 2 nodes",
              },
          ];
}

function validateChannel({ upgradeChannel, kubernetesVersion }: ResolvedCluster): Violation[] {
    return upgradeChannel === "none" || !pinsPatch(kubernetesVersion)
        ? []
        : [
              {
                  path: "upgradeChannel",
                  value: upgradeChannel,
                  problem: `lets AKS upgrade the patch version that kubernetesVersion (${kubernetesVersion}) pins, and the next update would try to revert it`,
                  expected: "a minor version with the channel patch, or the channel none",
                  fix: `Set kubernetesVersion to ${JSON.stringify(kubernetesVersion.split(".").slice(0, 2).join("."))}, or upgradeChannel to none`,
              },
          ];
}

function validateSharedNames({ systemPool, userPools, egressPool }: ResolvedCluster): Violation[] {
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

function validateServiceRange(text: string): Violation[] {
    const range = parseRange(text);
    return range === undefined || (range.length >= 12 && range.length <= 27)
        ? []
        : [
              {
                  path: "serviceRange",
                  value: text,
                  problem: "has a prefix length that AKS does not accept for services",
                  expected: "a prefix from /12 to /27",
                  fix: "Choose another range",
              },
          ];
}

function validateAccess({ access, authorizedIpRanges }: ResolvedCluster): Violation[] {
    if (access === "authorizedRanges") {
        return authorizedIpRanges.length > 0
            ? validateOpenRanges("authorizedIpRanges", authorizedIpRanges, {
                  // AKS accepts only IPv4 ranges here, and the API server sees only public addresses.
                  families: [4],
                  expected: "the public address ranges of those who deploy",
                  fix: 'List the public addresses that deployments come from, such as "203.0.113.7/32"',
              })
            : [
                  {
                      path: "authorizedIpRanges",
                      problem: "the list is empty, so nobody could reach the API server",
                      expected: "the address ranges of those who deploy",
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
                          ? "have no effect: a private cluster has no public address"
                          : "have no effect: an open API server accepts calls from every address",
                  expected: "authorizedIpRanges only with access: authorizedRanges",
                  fix: "Set access to authorizedRanges, or remove authorizedIpRanges",
              },
          ];
}

/** Address of the cluster's DNS service: the tenth of the service range, as is usual in Kubernetes. */
export function dnsServiceAddress(serviceRange: string): string {
    return addressAt(4, (parseRange(serviceRange)?.start ?? 0n) + 10n);
}

/** ARM's network profile, without the parts that depend on the network. */
export function networkProfile({ networkPolicy, podRange, serviceRange, addon }: ResolvedCluster) {
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

/** ARM's API server access profile, without its subnet. */
export function apiServerAccessProfile({ access, authorizedIpRanges, serverFqdn, privateDnsZoneId }: ResolvedCluster) {
    return {
        enableVnetIntegration: true,
        enablePrivateCluster: access === "private",
        ...(access === "private" && {
            enablePrivateClusterPublicFQDN: serverFqdn === "public",
            ...(privateDnsZoneId !== undefined && { privateDNSZone: privateDnsZoneId }),
        }),
        // Run Command through Azure's own API would bypass all of the above.
        disableRunCommand: true,
        ...(access === "authorizedRanges" && { authorizedIPRanges: authorizedIpRanges }),
    };
}
