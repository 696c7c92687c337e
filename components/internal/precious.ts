import * as pulumi from "@pulumi/pulumi";

/**
 * Options for resources that cannot be recreated: addresses and names that others know, keys that others trust, and the
 * cluster.
 */
const PRECIOUS = [
    "azure-native:network:PublicIPPrefix",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:dns:Zone",
];
const ROOT_KEY = /-root-\d+-key$/;

/** Leaves the tags of existing resources to a policy of the subscription. */
export const tagsByPolicy: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith("azure-native:")
        ? {
              props,
              opts: {
                  ...opts,
                  ignoreChanges: [...((opts as pulumi.CustomResourceOptions).ignoreChanges ?? []), "tags"],
              },
          }
        : undefined;

/** Makes the engine refuse to delete or replace resources that a stack must not lose. */
export const protectPrecious: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    const precious = PRECIOUS.includes(type) || (type === "tls:index/privateKey:PrivateKey" && ROOT_KEY.test(name));
    return precious ? { props, opts: { ...opts, protect: true } } : undefined;
};
