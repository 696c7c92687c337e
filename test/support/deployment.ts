import type { Deployment, EngineEvent, Stack } from "@pulumi/pulumi/automation";

/** What the engine writes for an id that it does not know yet. */
const UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The id of everything that was made this way. */
const ID = "made-by-a-test";

/** In an exported state, the mark of a secret. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

type Inputs = Record<string, unknown>;

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
        const inputs: Inputs = { ...made.inputs, ...kept?.[1] };
        return [
            {
                urn,
                type,
                custom,
                ...(parent && { parent }),
                inputs,
                outputs: outputsOf(type, inputs),
                ...(custom && { id: ID }),
                ...(provider && { provider: provider.replace(UNKNOWN_ID, ID) }),
            },
        ];
    });
    await stack.importStack({ ...exported, deployment: { ...(exported.deployment as object), resources } });
}

/**
 * What the engine and the official plugin for Kubernetes record. The plugin compares objects with their `__inputs`: without
 * them it would replace each object, and it takes those of a Release for a secret.
 */
function outputsOf(type: string, inputs: Inputs): Inputs {
    if (type.startsWith("pulumi:providers:")) {
        const { __internal, ...settings } = inputs;
        return settings;
    }
    if (!type.startsWith("kubernetes:")) {
        return inputs;
    }
    const isRelease = type === "kubernetes:helm.sh/v3:Release";
    return { ...inputs, __inputs: isRelease ? { ...SECRET, plaintext: JSON.stringify(inputs) } : inputs };
}
