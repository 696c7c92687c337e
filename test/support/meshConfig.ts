import { Cluster } from "../../lab/proof/cluster";

const CONFIG = { name: "istio", namespace: "istio-system" };

/** Adds fields to the MeshConfig of the environment's mesh, which has none of them, and gives the way back. */
export async function extendMesh(cluster: Cluster, fields: Record<string, unknown>): Promise<() => Promise<void>> {
    const { data } = await cluster.core.readNamespacedConfigMap(CONFIG);
    const before = data?.mesh ?? "";
    const taken = Object.keys(fields).filter((field) => new RegExp(`^${field}:`, "m").test(before));
    if (taken.length > 0) {
        throw new Error(`the MeshConfig has ${taken.join(", ")} already`);
    }
    const set = async (mesh: string) => {
        await cluster.core.patchNamespacedConfigMap({
            ...CONFIG,
            body: [{ op: "replace", path: "/data/mesh", value: mesh }],
        });
    };
    // JSON is YAML too.
    const lines = Object.entries(fields).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
    await set([before.trimEnd(), ...lines, ""].join("\n"));
    return () => set(before);
}
