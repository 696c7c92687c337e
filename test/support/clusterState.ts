import { LocalCluster } from "../../lab/local/cluster";
import { Cluster } from "../../lab/proof/cluster";

/** Names of the namespaces in a cluster. */
export async function namespacesOf({ kubeconfig, context }: LocalCluster): Promise<(string | undefined)[]> {
    const { items } = await new Cluster(kubeconfig, context).core.listNamespace();
    return items.map(({ metadata }) => metadata?.name);
}
