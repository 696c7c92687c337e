import { NetworkPolicyEngine } from "../azure/clusterOptions";
import { Violation } from "../shared/violation";

/**
 * Where AKS's LocalDNS listens on each node (articles/aks/localdns-custom.md of MicrosoftDocs/azure-aks-docs): for names of
 * the virtual network and for those of the cluster. AKS turns it on by itself from Kubernetes 1.37 on, so a lockdown allows
 * it before that.
 */
export const LOCAL_DNS_RANGES = ["169.254.10.10/32", "169.254.10.11/32"];

/** The part of a lockdown that its cluster decides about. */
interface LockdownOfCluster {
    policyEngine: string;
    nodeDnsRanges?: string[];
    staticEgressGateway?: boolean;
}

/** A lockdown with what is known of an AKS cluster: where its nodes' DNS cache listens, and how the gateway leaves. */
export function aksLockdown<T extends LockdownOfCluster>(lockdown: T, { isAddon }: { isAddon: boolean }): T {
    return {
        nodeDnsRanges: LOCAL_DNS_RANGES,
        // The add-on's gateway leaves in a tunnel to its nodes.
        ...(isAddon && { staticEgressGateway: true }),
        ...lockdown,
    };
}

/** Refuses a lockdown that is written for another engine than the cluster runs: its policies would not be enforced. */
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
                  expected: `${networkPolicy}, as azure.cluster.networkPolicy has it`,
                  fix: `Set lockdown.policyEngine to ${networkPolicy}`,
              },
          ];
}
