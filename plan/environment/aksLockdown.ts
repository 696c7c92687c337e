import { NetworkPolicyEngine } from "../azure/clusterOptions";
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
}

/** A lockdown completed for an AKS cluster: with the addresses of the nodes' DNS cache, and the gateway's egress. */
export function aksLockdown<T extends LockdownOfCluster>(lockdown: T, { isAddon }: { isAddon: boolean }): T {
    return {
        nodeDnsRanges: LOCAL_DNS_RANGES,
        // Traffic of the add-on's gateway goes through a tunnel to its nodes.
        ...(isAddon && { staticEgressGateway: true }),
        ...lockdown,
    };
}

/** Refuses a lockdown for an engine that the cluster does not run: its policies would not be enforced. */
export function validateLockdownEngine(
    lockdown: LockdownOfCluster | undefined,
    networkPolicy: NetworkPolicyEngine,
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
