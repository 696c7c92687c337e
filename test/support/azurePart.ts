import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";

/** Components that wait for something in the cluster. */
const IN_CLUSTER = new Set(
    ["ServiceMesh", "EgressGateway", "EgressRoute", "EgressCredential", "EgressLockdown", "EgressProbe"].map(
        (name) => `mesh-egress:index:${name}`,
    ),
);

/**
 * The options of an operation that leave out what is in a cluster: there is none behind the stand-in for Azure. A preview
 * names the resources: one before the first update, because a later one would look for the cluster.
 */
export async function azurePart(stack: Stack): Promise<{ target: string[] }> {
    const urns = new Set<string>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
        const { urn = "", type = "kubernetes:" } = resourcePreEvent?.metadata ?? {};
        if (!type.startsWith("kubernetes:") && !IN_CLUSTER.has(type)) {
            urns.add(urn);
        }
    };
    await stack.preview({ onEvent, onOutput: () => undefined });
    return { target: [...urns] };
}
