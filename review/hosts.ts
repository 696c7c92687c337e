/** A host as Istio completes it: a name without a dot is a service of the object's own namespace. */
export function fullHost(host: string, namespace: string): string {
    return host.includes(".") || host.startsWith("*") ? host : serviceHost(host, namespace);
}

/** The name under which the mesh knows a Kubernetes service. */
export function serviceHost(name: string, namespace: string): string {
    return `${name}.${namespace}.svc.cluster.local`;
}

/** The namespace of a Kubernetes service, from its host. */
export function serviceNamespace(host: string): string | undefined {
    return /^[^.]+\.([^.]+)\.svc\.cluster\.local$/.exec(host)?.[1];
}

/** Whether every name that `host` stands for is one of `pattern`: `*.partner.example` covers `api.partner.example`. */
export function covers(pattern: string, host: string): boolean {
    return pattern.startsWith("*") ? host.replace(/^\*/, "").endsWith(pattern.slice(1)) : pattern === host;
}

export function isWildcard(host: string): boolean {
    return host.startsWith("*");
}
