/** Domain of a cluster's services. One with another domain is not supported: the mesh knows services by this one. */
const CLUSTER_DOMAIN = "cluster.local";

/** The full name of a Kubernetes service. */
export function serviceHost(name: string, namespace: string): string {
    return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** Every service of the cluster, or of one namespace, as the host of a rule. */
export function serviceHosts(namespace?: string): string {
    return `*.${namespace === undefined ? "" : `${namespace}.`}svc.${CLUSTER_DOMAIN}`;
}

/** Whether a name is one of the cluster's. */
export function isClusterName(host: string): boolean {
    return host.endsWith(`.${CLUSTER_DOMAIN}`);
}
