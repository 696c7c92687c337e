import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";

/** A resource that a preview plans, and what it is made of. */
export interface Planned {
    urn: string;
    type: string;
    inputs: Record<string, unknown>;
}

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
    return { target: targetsOf(await planned(stack), inCluster) };
}

/** All that a preview plans. */
export async function planned(stack: Stack, onOutput: (text: string) => void = () => undefined): Promise<Planned[]> {
    const found = new Map<string, Planned>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
        const { urn, type, new: wanted } = resourcePreEvent?.metadata ?? {};
        if (urn !== undefined && type !== undefined) {
            found.set(urn, { urn, type, inputs: wanted?.inputs ?? {} });
        }
    };
    await stack.preview({ onEvent, onOutput });
    return [...found.values()];
}

/** Of these, what is not in a cluster. */
export function targetsOf(all: Planned[], inCluster?: RegExp): string[] {
    return all
        .filter(({ urn, type }) => (!type.startsWith("kubernetes:") && !IN_CLUSTER.has(type)) || inCluster?.test(urn))
        .map(({ urn }) => urn);
}
