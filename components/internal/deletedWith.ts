import * as pulumi from "@pulumi/pulumi";

/**
 * Objects in a cluster are deleted with it, so the engine need not delete them individually. A destroy then makes no
 * calls to an API server that may no longer exist.
 */
export function deletedWith(cluster: pulumi.Resource): pulumi.ResourceTransformation {
    return ({ type, props, opts }) =>
        type.startsWith("kubernetes:") ? { props, opts: { ...opts, deletedWith: cluster } } : undefined;
}
