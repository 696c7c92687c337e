import { ApiextensionsV1Api } from "@kubernetes/client-node";
import type { AnyObject, Cluster } from "../../lab/proof/cluster";

/** The certificate of its CA, which istiod puts into every namespace and leaves there. */
const LEFT_BY_ISTIOD = "istio-ca-root-cert";

/**
 * Removes what neither `pulumi destroy` nor `helm uninstall` removes, and remaining namespaces, so
 * that both begin with the same cluster.
 */
export async function empty(cluster: Cluster, namespaces: string[]): Promise<void> {
    // The base chart asks helm to keep them.
    const { items } = await cluster.api(ApiextensionsV1Api).listCustomResourceDefinition();
    const definitions = items.map(({ metadata }) => metadata?.name ?? "").filter((name) => name.endsWith(".istio.io"));
    await Promise.all([
        ...namespaces.map((name) => cluster.remove(named("v1", "Namespace", name))),
        ...definitions.map((name) =>
            cluster.remove(named("apiextensions.k8s.io/v1", "CustomResourceDefinition", name)),
        ),
    ]);
    const maps = await cluster.core.listConfigMapForAllNamespaces({ fieldSelector: `metadata.name=${LEFT_BY_ISTIOD}` });
    await Promise.all(
        maps.items.map(({ metadata }) =>
            cluster.remove({
                ...{ apiVersion: "v1", kind: "ConfigMap" },
                metadata: { name: LEFT_BY_ISTIOD, namespace: metadata?.namespace },
            }),
        ),
    );
}

function named(apiVersion: string, kind: string, name: string): AnyObject {
    return { apiVersion, kind, metadata: { name } };
}
