import { AksClusterArgs } from "../../components";
import { ResolvedCluster } from "../../plan/azure/resolvedCluster";

const size = { vmSize: "Standard_D4ds_v5", minNodes: 2 };

/** The least that a cluster of Azure's must be told. */
export const aksClusterArgs: AksClusterArgs = {
    resourceGroupName: "group",
    location: "westeurope",
    nodeSubnetId: "/nodes",
    egressSubnetId: "/egress",
    apiServerSubnetId: "/api-server",
    kubernetesVersion: "1.36",
    systemPool: size,
    userPools: [{ ...size, name: "apps", maxNodes: 6 }],
    egressPool: size,
};

/** A pool of two nodes that may grow. */
export function pool(name: string, maxNodes = 2) {
    return { ...size, name, maxNodes, zones: ["1", "2", "3"] };
}

/** A cluster that is right, as `plan/` takes it. */
export const clusterOptions: ResolvedCluster = {
    kubernetesVersion: "1.36",
    systemPool: pool("system"),
    userPools: [pool("apps")],
    egressPool: pool("egress"),
    networkPolicy: "cilium",
    podRange: "10.244.0.0/16",
    serviceRange: "10.0.0.0/16",
    access: "private",
    authorizedIpRanges: [],
    clusterAdmins: [],
    serverFqdn: "public",
    azurePolicy: true,
    defender: false,
    imageCleanerHours: 168,
    maxSurge: "10%",
    upgradeChannel: "patch",
    maintenance: { day: "Sunday", startTime: "02:00", durationHours: 4, utcOffset: "+00:00" },
    logRetentionDays: 30,
    logDailyCapGb: 5,
    logExcludedNamespaces: [],
    registryIds: [],
    routed: false,
};
