/** Switches of the Kubernetes provider, without which it deletes and recreates what has a fixed name and changes. */
export const PROVIDER_SWITCHES = {
    enableSecretMutable: {
        kind: "Secret",
        effect: "a rotated certificate means a moment in which the gateway has none",
    },
    enableConfigMapMutable: {
        kind: "ConfigMap",
        effect: "a change of the mesh's configuration means a moment in which the mesh has none",
    },
};
export type ProviderSwitch = keyof typeof PROVIDER_SWITCHES;

/** The warning about a switch that is off, with the line to add; `isDefault` is the provider that no program makes. */
export function switchWarning(name: ProviderSwitch, isDefault: boolean): string {
    const { kind, effect } = PROVIDER_SWITCHES[name];
    const fix = isDefault
        ? `Run: pulumi config set kubernetes:${name} true`
        : `Add this line to the arguments of the kubernetes.Provider: ${name}: true,`;
    return `The Kubernetes provider deletes and recreates a changed ${kind}: ${effect}. ${fix}`;
}
