import * as pulumi from "@pulumi/pulumi";

/** Creates objects in a cluster after these resources, in whichever component they are. */
export function createdAfter(resources: pulumi.Resource[]): pulumi.ResourceTransformation {
    return ({ type, props, opts }) =>
        type.startsWith("kubernetes:")
            ? { props, opts: pulumi.mergeOptions(opts, { dependsOn: resources }) }
            : undefined;
}
