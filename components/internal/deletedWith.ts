import * as pulumi from "@pulumi/pulumi";

/**
 * What is in a cluster is gone with it, so the engine need not delete it one by one: a destroy asks nothing of an API
 * server that may be gone already.
 */
export function deletedWith(cluster: pulumi.Resource): pulumi.ResourceTransformation {
    return ({ type, props, opts }) =>
        type.startsWith("kubernetes:") ? { props, opts: { ...opts, deletedWith: cluster } } : undefined;
}
