import { bag, type Properties, text } from "../shared/values";

/*
 * What AKS and the network change by themselves, as a later GET shows it: the autoscaler's number of nodes, the patch that
 * the channel chose, and the NAT gateway of a prefix. The pools that a GET of the cluster lists in addition are not shown here. azure-native takes what a GET answers over into the inputs of the state
 * where it differs from what the last answer had.
 */

/** The properties that Azure would have changed, by type; none for others. */
export function driftOf(type: string, inputs: Properties): Properties {
    switch (type) {
        case "azure-native:containerservice:AgentPool":
            return inputs["enableAutoScaling"] === true ? { count: inputs["maxCount"] } : {};
        case "azure-native:containerservice:ManagedCluster": {
            const [system] = inputs["agentPoolProfiles"] as Properties[];
            const grown = system["enableAutoScaling"] === true ? { ...system, count: system["maxCount"] } : system;
            return { agentPoolProfiles: [grown] };
        }
        case "azure-native:network:PublicIPPrefix":
            return { natGateway: { ...bag(inputs, "natGateway"), id: "/natGateways/of-the-egress-subnet" } };
        default:
            return {};
    }
}

/** The version that a cluster or a pool runs after its channel moved the patch. */
export function patchedVersion(type: string, inputs: Properties): Properties {
    const version = `${text(inputs["kubernetesVersion"] ?? inputs["orchestratorVersion"]) ?? ""}.9`;
    return type.endsWith(":ManagedCluster")
        ? { currentKubernetesVersion: version }
        : type.endsWith(":AgentPool")
          ? { currentOrchestratorVersion: version }
          : {};
}
