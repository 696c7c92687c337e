import { bag, type Properties, text } from "../shared/values";

/*
 * What Azure changes by itself, as a later GET shows it. azure-native takes what a GET answers over into the inputs of the state
 * where it differs from what the last answer had (`applyDiff` in provider/pkg/provider/diff.go of pulumi/pulumi-azure-native).
 * MESH_EGRESS_AKS_DRIFT says what has happened: `first` is what follows from the first update alone.
 */

/** What has happened since the last update; each includes what the first update is followed by. */
export type Drift = "first" | "scaled" | "patched" | "tagged";

/** The properties that Azure would have changed, by type; none for others. */
export function driftOf(drift: Drift, type: string, inputs: Properties): Properties {
    return { ...ownDrift(drift, type, inputs), ...(drift === "tagged" && "tags" in inputs ? tagged(inputs) : {}) };
}

/** A policy of the subscription adds a tag (the effect `modify`). */
function tagged(inputs: Properties): Properties {
    return { tags: { ...bag(inputs, "tags"), costCenter: "by-policy" } };
}

function ownDrift(drift: Drift, type: string, inputs: Properties): Properties {
    const scaled = (pool: Properties): Properties =>
        drift === "scaled" && pool["enableAutoScaling"] === true ? { count: pool["maxCount"] } : {};
    switch (type) {
        case "azure-native:containerservice:AgentPool":
            return scaled(inputs);
        case "azure-native:containerservice:ManagedCluster": {
            // A GET of the cluster lists all of its pools, also those that are resources of their own.
            const [system] = inputs["agentPoolProfiles"] as Properties[];
            const others = ["apps", "egress"].map((name) => ({ ...system, name, mode: "User" }));
            return { agentPoolProfiles: [{ ...system, ...scaled(system) }, ...others] };
        }
        case "azure-native:network:PublicIPPrefix":
            return { natGateway: { ...bag(inputs, "natGateway"), id: "/natGateways/of-the-egress-subnet" } };
        default:
            return {};
    }
}

/** The version and the image that a cluster or a pool runs; the channels may have moved the patch and the nodes' image. */
export function versionOf(drift: Drift, type: string, inputs: Properties): Properties {
    const wanted = text(inputs["kubernetesVersion"] ?? inputs["orchestratorVersion"]) ?? "";
    const version = `${wanted}.${drift === "patched" ? 9 : 1}`;
    return type.endsWith(":ManagedCluster")
        ? { currentKubernetesVersion: version }
        : type.endsWith(":AgentPool")
          ? {
                currentOrchestratorVersion: version,
                nodeImageVersion: `AKSUbuntu-2404gen2containerd-2026${drift === "patched" ? "11.20" : "10.12"}.0`,
            }
          : {};
}
