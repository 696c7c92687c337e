/** Who installs and upgrades the control plane. */
export const MeshFlavour = {
    /** This component, from Istio's charts. */
    Istio: "istio",
    /** AKS, as its managed Istio add-on: an `AksCluster` with `addon`. This component configures it. */
    AksAddon: "aksAddon",
} as const;
export type MeshFlavour = (typeof MeshFlavour)[keyof typeof MeshFlavour];
