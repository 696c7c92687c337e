import { networkProfile } from "./cluster";
import { ResolvedCluster } from "./resolvedCluster";
import { FixedProperty, Replacement, validateFixed } from "./fixedProperties";
import { NodePoolOptions } from "./nodePool";
import { Violation, under } from "../shared/violation";

/**
 * Option for each property of ARM's network profile. A change of any of them replaces the cluster (forceNewMap of
 * azure-native).
 */
const OPTION_OF = {
    networkDataplane: "networkPolicy",
    networkPolicy: "networkPolicy",
    podCidr: "podRange",
    serviceCidr: "serviceRange",
    outboundType: "outboundControl",
} as const;

/** The values of `outboundControl` that decide ARM's `outboundType`, whose values no option takes, in lower case. */
const OUTBOUND_CONTROL: Record<string, string> = {
    userdefinedrouting: "firewall or routes",
    loadbalancer: "nsg or open",
};

/** Paths of properties that must not change in an existing cluster. */
export const KEPT_OF_CLUSTER = [...Object.keys(OPTION_OF), "dnsServiceIP"].map((name) => `networkProfile.${name}`);
/** The same for a pool. azure-native replaces a pool if its size changes. Azure refuses a change of zones or disk. */
export const KEPT_OF_POOL = ["vmSize", "availabilityZones", "osDiskType", "osDiskSizeGB"];

const CLUSTER: Replacement = {
    what: "the cluster",
    cost: "with everything in it",
    option: "replaceCluster",
    way: "create a second environment, move the callers to it, and destroy this one",
};

/** An existing cluster, as Azure describes it. */
export type KnownProfile = Partial<Record<keyof typeof OPTION_OF, string>>;

/** Refuses a change that would replace the cluster, unless `replaceCluster` is true. */
export function validateKeptCluster(cluster: ResolvedCluster, actual: KnownProfile | undefined): Violation[] {
    const wanted: KnownProfile = {
        ...networkProfile(cluster),
        outboundType: outboundControl(cluster.routed ? "userDefinedRouting" : "loadBalancer"),
    };
    const names = Object.keys(OPTION_OF) as (keyof typeof OPTION_OF)[];
    const properties = names.map((name) => ({
        option: OPTION_OF[name],
        wanted: wanted[name],
        actual: name === "outboundType" ? outboundControl(actual?.[name]) : actual?.[name],
    }));
    // One option can decide two properties.
    return validateFixed(properties, CLUSTER).filter(
        ({ path }, index, all) => all.findIndex((other) => other.path === path) === index,
    );
}

function outboundControl(outboundType: string | undefined): string | undefined {
    return outboundType && (OUTBOUND_CONTROL[outboundType.toLowerCase()] ?? outboundType);
}

/** A pool, as Azure describes it. */
export interface KnownPool {
    vmSize?: string;
    availabilityZones?: string[];
    osDiskType?: string;
    osDiskSizeGB?: number;
}

/** Refuses a change of size or zones of an existing pool. */
export function validateKeptPool(path: string, pool: NodePoolOptions, actual: KnownPool): Violation[] {
    const properties: FixedProperty[] = [
        { option: "vmSize", wanted: pool.vmSize, actual: actual.vmSize },
        // What nobody asked for is AKS's choice.
        { option: "osDiskType", wanted: pool.osDiskType, actual: pool.osDiskType && actual.osDiskType },
        { option: "osDiskGb", wanted: pool.osDiskGb, actual: pool.osDiskGb && actual.osDiskSizeGB },
        {
            option: "zones",
            wanted: pool.zones,
            actual: actual.vmSize === undefined ? undefined : (actual.availabilityZones ?? []),
        },
    ];
    return under(
        path,
        validateFixed(properties, {
            what: `the pool ${pool.name}`,
            cost: "with all of its nodes at once",
            option: path === "systemPool" ? "replaceCluster" : "replacePools",
            way:
                path === "systemPool"
                    ? "az aks nodepool add --mode System with the new size, and az aks nodepool delete of the old pool"
                    : "give the pool another name, so that the new one is ready before the old one is drained and removed",
        }),
    );
}
