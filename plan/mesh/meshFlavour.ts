/** Installer of the control plane. */
export const MeshFlavour = {
    /** This component installs and upgrades it, from Istio's charts. */
    Istio: "istio",
    /**
     * AKS installs and upgrades it as its managed Istio add-on: an `AksCluster` with `addon`. This component configures
     * it.
     */
    AksAddon: "aksAddon",
} as const;
export type MeshFlavour = (typeof MeshFlavour)[keyof typeof MeshFlavour];
