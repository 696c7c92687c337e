import { AksPolicyEngine } from "../azure/clusterOptions";
import { contains, parseRange } from "../shared/addressRange";
import { Violation } from "../shared/violation";

/**
 * Addresses on which AKS's LocalDNS listens on each node (articles/aks/localdns-custom.md of
 * MicrosoftDocs/azure-aks-docs): for names of the virtual network and for names of the cluster. AKS enables it by
 * default from Kubernetes 1.37 on, so a lockdown allows it on older versions too.
 */
export const LOCAL_DNS_RANGES = ["169.254.10.10/32", "169.254.10.11/32"];

/** Options of a lockdown that depend on its cluster. */
interface LockdownOfCluster {
    policyEngine: string;
    nodeDnsRanges?: string[];
    staticEgressGateway?: boolean;
    clusterRanges?: string[];
}

/**
 * A lockdown completed for an AKS cluster: with the addresses of the nodes' DNS cache, of pods and of services, and the
 * gateway's egress.
 */
export function aksLockdown<T extends LockdownOfCluster>(
    lockdown: T,
    { isAddon, ranges }: { isAddon: boolean; ranges: ClusterRanges },
): T {
    return {
        nodeDnsRanges: LOCAL_DNS_RANGES,
        clusterRanges: [ranges.pods, ranges.services],
        // Traffic of the add-on's gateway goes through a tunnel to its nodes.
        ...(isAddon && { staticEgressGateway: true }),
        ...lockdown,
    };
}

/** Refuses a lockdown for an engine that the cluster does not run: its policies would not be enforced. */
export function validateLockdownEngine(
    lockdown: LockdownOfCluster | undefined,
    networkPolicy: AksPolicyEngine,
): Violation[] {
    return lockdown === undefined || lockdown.policyEngine === networkPolicy
        ? []
        : [
              {
                  path: "lockdown.policyEngine",
                  value: lockdown.policyEngine,
                  problem: `is not the engine of this cluster, where ${networkPolicy} enforces policies`,
                  expected: `${networkPolicy}, the value of azure.cluster.networkPolicy`,
                  fix: `Set lockdown.policyEngine to ${networkPolicy}`,
              },
          ];
}

/** Addresses of a cluster, as far as they are known. */
export interface ClusterRanges {
    /** Of pods. */
    pods: string;
    /** Of services. */
    services: string;
    /** Of nodes; empty where their subnets exist already. */
    nodes: string[];
}

/**
 * Refuses ranges of `gatewayEgress` that select nothing, because they are addresses of the cluster's nodes
 * (articles/aks/azure-cni-powered-by-cilium.md of MicrosoftDocs/azure-aks-docs: an `ipBlock` cannot select nodes). Ranges
 * of pods and services are refused as `clusterRanges`.
 */
export function validateSelectedRanges(
    gatewayEgress: { range?: string }[],
    { nodes }: ClusterRanges,
    engine: AksPolicyEngine,
): Violation[] {
    return gatewayEgress.flatMap(({ range = "" }, index) => {
        const given = parseRange(range);
        const missed =
            engine === AksPolicyEngine.Cilium &&
            nodes.some((own) => {
                const known = parseRange(own);
                return given && known && contains(known, given);
            });
        return !missed
            ? []
            : [
                  {
                      path: `lockdown.gatewayEgress[${index}].range`,
                      value: range,
                      problem:
                          "is inside a subnet of the nodes, whose addresses Cilium does not compare with an ipBlock, so the gateway could not call it",
                      expected: "ranges outside of the cluster",
                      fix: "Remove it; what listens on nodes needs a CiliumNetworkPolicy of your own with toEntities",
                  },
              ];
    });
}
