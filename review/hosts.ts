import { serviceHost } from "../plan/shared/serviceHost";

/** A service's own name, as every domain of a cluster has it: `<name>.<namespace>.svc.<domain>`. */
const SERVICE = /^([^.*]+)\.([^.*]+)\.svc\.(?!clusterset\.)[^*]+$/;

/** A host as Istio completes it: a name without a dot is a service of the object's own namespace. */
export function fullHost(host: string, namespace: string): string {
    const [, name, owner] = SERVICE.exec(host) ?? [];
    if (name !== undefined) {
        return serviceHost(name, owner);
    }
    return host.includes(".") || host.startsWith("*") || host === "" ? host : serviceHost(host, namespace);
}

/** The namespace of a Kubernetes service, from its host. */
export function serviceNamespace(host: string): string | undefined {
    return SERVICE.exec(host)?.[2];
}

/** Whether every name that `host` stands for is one of `pattern`: `*.partner.example` covers `api.partner.example`. */
export function covers(pattern: string, host: string): boolean {
    return pattern.startsWith("*") ? host.replace(/^\*/, "").endsWith(pattern.slice(1)) : pattern === host;
}

/** Whether there is a name that both stand for. */
export function overlap(one: string, other: string): boolean {
    return covers(one, other) || covers(other, one);
}

export function isWildcard(host: string): boolean {
    return host.startsWith("*");
}
