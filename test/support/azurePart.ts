import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";

/** Components that wait for something in the cluster. */
const IN_CLUSTER = new Set(
    ["ServiceMesh", "EgressGateway", "EgressRoute", "EgressCredential", "EgressLockdown", "EgressProbe"].map(
        (name) => `mesh-egress:index:${name}`,
    ),
);

/** What an environment puts into its cluster first: the rule of the egress nodes, and the mesh's namespace. */
export const FIRST_IN_CLUSTER = /::egress-(egress-nodes.*|mesh|mesh-namespace)$/;

/**
 * The options of an operation that leave out what is in a cluster: there is none behind the stand-in for Azure. A preview
 * names the resources: one before the first update, because a later one would look for the cluster. `inCluster` names
 * objects that belong to it all the same, where a test has an API server for them.
 */
export async function azurePart(stack: Stack, inCluster?: RegExp): Promise<{ target: string[] }> {
    const urns = new Set<string>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
        const { urn = "", type = "kubernetes:" } = resourcePreEvent?.metadata ?? {};
        if ((!type.startsWith("kubernetes:") && !IN_CLUSTER.has(type)) || inCluster?.test(urn)) {
            urns.add(urn);
        }
    };
    await stack.preview({ onEvent, onOutput: () => undefined });
    return { target: [...urns] };
}
