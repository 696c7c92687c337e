import { z } from "zod";
import {
    ApiServerAccess,
    ClusterTier,
    ClusterUpgradeChannel,
    KubeconfigLogin,
    OutboundControl,
    NetworkPolicyEngine,
    NodeOsUpgradeChannel,
} from "../components";

const pool = z.strictObject({
    vmSize: z.string(),
    minNodes: z.number(),
    maxNodes: z.number().optional(),
    zones: z.array(z.string()).optional(),
});

const network = z
    .strictObject({
        addressSpace: z.string(),
        subnets: z
            .strictObject({ nodes: z.string(), firewall: z.string(), egress: z.string(), apiServer: z.string() })
            .partial(),
        outboundControl: z.enum(OutboundControl),
        allowedFqdns: z.array(z.string()),
        allowedServiceTags: z.array(z.string()),
        egressPrefixLength: z.number(),
        idleTimeoutMinutes: z.number(),
        zones: z.array(z.string()),
    })
    .partial();

const maintenance = z
    .strictObject({ day: z.string(), startTime: z.string(), durationHours: z.number(), utcOffset: z.string() })
    .partial();

const cluster = z.strictObject({
    kubernetesVersion: z.string(),
    systemPool: pool,
    userPools: z.array(pool.extend({ name: z.string() })).optional(),
    egressPool: pool,
    networkPolicy: z.enum(NetworkPolicyEngine).optional(),
    podRange: z.string().optional(),
    serviceRange: z.string().optional(),
    access: z.enum(ApiServerAccess).optional(),
    authorizedIpRanges: z.array(z.string()).optional(),
    clusterAdmins: z.array(z.string()).optional(),
    localAccounts: z.boolean().optional(),
    kubeconfigLogin: z.enum(KubeconfigLogin).optional(),
    upgradeChannel: z.enum(ClusterUpgradeChannel).optional(),
    nodeOsUpgradeChannel: z.enum(NodeOsUpgradeChannel).optional(),
    maintenance: maintenance.optional(),
    tier: z.enum(ClusterTier).optional(),
    logRetentionDays: z.number().optional(),
});

const partner = z.strictObject({ zoneName: z.string(), hosts: z.array(z.string()), vmSize: z.string().optional() });

/** The shape of what a stack says about Azure. */
export const azure = z.strictObject({
    location: z.string(),
    adminGroup: z.string(),
    network: network.default({}),
    cluster,
    partner: partner.optional(),
    protect: z.boolean().default(false),
    tags: z.record(z.string(), z.string()).optional(),
});

export type AzureConfig = z.infer<typeof azure>;
