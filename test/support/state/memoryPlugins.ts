import { join } from "node:path";
import { EngineChoice, PluginChoice, findPlugins } from "../../../lab/engine";

/** The plugins of all environments, of which that for Kubernetes needs no cluster. */
export async function memoryPlugins(engine: EngineChoice): Promise<PluginChoice[]> {
    const plugins = await findPlugins({ engine, download: false, names: ["kubernetes", "tls", "azure-native"] });
    return plugins.map((plugin) =>
        plugin.name === "kubernetes"
            ? { ...plugin, source: "stand-in", path: join(__dirname, "bin", "pulumi-resource-kubernetes") }
            : plugin,
    );
}
