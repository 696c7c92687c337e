import type { Deployment, EngineEvent, Stack } from "@pulumi/pulumi/automation";

/** What the engine writes for an id that it does not know yet. */
const UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The id of everything that was made this way. */
const ID = "made-by-a-test";

/**
 * Gives the stack the state that an update with this preview would have left, where there is no cluster for one. `own`
 * has, by the end of a URN, inputs to keep over those of the preview, which does not tell secrets.
 */
export async function pretendUpdated(stack: Stack, preview: EngineEvent[], own: Record<string, object>): Promise<void> {
    const exported: Deployment = await stack.exportStack();
    const resources = preview.flatMap(({ resourcePreEvent }) => {
        const made = resourcePreEvent?.metadata.new;
        if (!made) {
            return [];
        }
        const { urn, type, custom = false, parent, provider } = made;
        const kept = Object.entries(own).find(([end]) => urn.endsWith(end));
        const inputs: object = { ...made.inputs, ...kept?.[1] };
        return [
            {
                urn,
                type,
                custom,
                ...(parent && { parent }),
                inputs,
                outputs: inputs,
                ...(custom && { id: ID }),
                ...(provider && { provider: provider.replace(UNKNOWN_ID, ID) }),
            },
        ];
    });
    await stack.importStack({ ...exported, deployment: { ...(exported.deployment as object), resources } });
}
