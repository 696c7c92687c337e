import * as pulumi from "@pulumi/pulumi";

/**
 * Aliases for the parts of an AKS environment as 0.1.0 registered them: each at the top of the stack, under a name
 * without the environment's. With them, an update of an existing stack replaces nothing.
 */
export function formerNames(environment: string): pulumi.ResourceTransformation {
    const names = new Map(
        ["network", "aks", "cluster", "partner", "partner-address", "partner-dns"].map((name) => [
            `${environment}-${name}`,
            name,
        ]),
    );
    return ({ type, name, props, opts }) => {
        const isInner = type === "mesh-egress:index:EgressEnvironment" && name === environment;
        const former = isInner ? environment : PARTS.has(type) ? names.get(name) : undefined;
        return former === undefined
            ? undefined
            : {
                  props,
                  opts: {
                      ...opts,
                      aliases: [...[opts.aliases ?? []].flat(), { name: former, parent: pulumi.rootStackResource }],
                  },
              };
    };
}

const PARTS = new Set([
    "azure-native:network:PublicIPAddress",
    "mesh-egress:index:AksCluster",
    "mesh-egress:index:CertificateChain",
    "mesh-egress:index:DnsZone",
    "mesh-egress:index:EgressNetwork",
    "mesh-egress:index:MtlsServerVm",
    "pulumi:providers:kubernetes",
]);
