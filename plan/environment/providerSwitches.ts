/**
 * Switches of the Kubernetes provider. Without them, it deletes and recreates a changed object that has a fixed name.
 */
export const PROVIDER_SWITCHES = {
    enableSecretMutable: {
        kind: "Secret",
        effect: "during a rotation, the gateway has no certificate for a moment",
    },
    enableConfigMapMutable: {
        kind: "ConfigMap",
        effect: "during a change, the mesh has no configuration for a moment",
    },
};
export type ProviderSwitch = keyof typeof PROVIDER_SWITCHES;

/** The warning about a switch that is off, with the line to add. `isDefault` is true for Pulumi's default provider. */
export function switchWarning(name: ProviderSwitch, isDefault: boolean): string {
    const { kind, effect } = PROVIDER_SWITCHES[name];
    const fix = isDefault
        ? `Run: pulumi config set kubernetes:${name} true`
        : `Add this line to the arguments of the kubernetes.Provider: ${name}: true,`;
    return `The Kubernetes provider deletes and recreates a changed ${kind}: ${effect}. ${fix}`;
}
