import * as pulumi from "@pulumi/pulumi";
import { AgentPool, ManagedCluster } from "@pulumi/azure-native/containerservice";
import { ResolvedCluster } from "../../plan/azure/resolvedCluster";
import { AksClusterOptions } from "../../plan/azure/clusterOptions";
import { KnownPool, KnownProfile, validateKeptCluster, validateKeptPool } from "../../plan/azure/clusterReplacement";
import { NodePoolOptions } from "../../plan/azure/nodePool";
import { validated } from "../internal/validation";

/*
 * Properties that Azure cannot change in place are kept in the cluster and its pools (ignoreChanges), and the arguments
 * are compared with them. A preview knows the existing values, so it fails if they differ.
 */

/** Fails if the arguments would replace an existing cluster, or if its system pool has another size. */
export function keptCluster(
    name: string,
    request: ResolvedCluster,
    cluster: ManagedCluster,
    { replaceCluster = false }: AksClusterOptions,
): pulumi.Output<unknown> {
    const known = { profile: cluster.networkProfile, pools: cluster.agentPoolProfiles };
    return validated("AksCluster", name, known, ({ profile, pools }: KnownCluster) => {
        if (replaceCluster) {
            return [];
        }
        const system = pools?.find((pool) => pool.name === request.systemPool.name);
        return [
            ...validateKeptCluster(request, profile),
            ...(system ? validateKeptPool("systemPool", request.systemPool, system) : []),
        ];
    });
}

interface KnownCluster {
    profile?: KnownProfile;
    pools?: SystemPool[];
}

/** Fails if the arguments would replace an existing pool. */
export function keptPool(
    name: string,
    path: string,
    pool: NodePoolOptions,
    { vmSize, availabilityZones, osDiskType, osDiskSizeGB }: AgentPool,
    mayReplace = false,
): pulumi.Output<unknown> {
    // One property that a preview does not know would keep it from comparing the others.
    const known = {
        vmSize,
        availabilityZones,
        ...(pool.osDiskType && { osDiskType }),
        ...(pool.osDiskGb !== undefined && { osDiskSizeGB }),
    };
    return validated("AksCluster", name, known, (actual: KnownPool) =>
        mayReplace ? [] : validateKeptPool(path, pool, actual),
    );
}

interface SystemPool extends KnownPool {
    name: string;
    orchestratorVersion?: string;
    minCount?: number;
    maxCount?: number;
}

/** Warns if the system pool differs from the arguments, because only `changeSystemPool` changes it. */
export function systemPoolWarning(
    component: pulumi.Resource,
    { systemPool, kubernetesVersion }: ResolvedCluster,
    { agentPoolProfiles }: ManagedCluster,
    { changeSystemPool = false }: AksClusterOptions,
): pulumi.Output<unknown> {
    return agentPoolProfiles.apply((pools) => {
        const actual = pools?.find(({ name }) => name === systemPool.name);
        const isScaled = systemPool.maxNodes > systemPool.minNodes;
        const isOther =
            actual !== undefined &&
            (!(actual.orchestratorVersion ?? kubernetesVersion).startsWith(kubernetesVersion) ||
                (isScaled && (actual.minCount !== systemPool.minNodes || actual.maxCount !== systemPool.maxNodes)));
        if (isOther && !changeSystemPool) {
            void pulumi.log.warn(
                "The system pool's version or number of nodes differs from kubernetesVersion or systemPool, and this " +
                    "update does not change it. To change it, set changeSystemPool to true for one update.",
                component,
            );
        }
    });
}
