import { serviceHost } from "../plan/shared/serviceHost";

/** A service's own name, as every domain of a cluster has it: `<name>.<namespace>.svc.<domain>`. */
const SERVICE = /^([^.*]+)\.([^.*]+)\.svc\.(?!clusterset\.)[^*]+$/;

/** The parts of a service's own name. Most hosts are none, which a search tells sooner than the expression. */
function serviceParts(host: string): RegExpExecArray | null {
    return host.includes(".svc.") ? SERVICE.exec(host) : null;
}

/** A host as Istio completes it: a name without a dot is a service of the object's own namespace. */
export function fullHost(host: string, namespace: string): string {
    const [, name, owner] = serviceParts(host) ?? [];
    if (name !== undefined) {
        return serviceHost(name, owner);
    }
    return host.includes(".") || host.startsWith("*") || host === "" ? host : serviceHost(host, namespace);
}

/** The namespace of a Kubernetes service, from its host. */
export function serviceNamespace(host: string): string | undefined {
    return serviceParts(host)?.[2];
}

/** Whether every name that `host` stands for is one of `pattern`: `*.partner.example` covers `api.partner.example`. */
export function covers(pattern: string, host: string): boolean {
    return isWildcard(pattern) ? afterStar(host).endsWith(pattern.slice(1)) : pattern === host;
}

/** Whether there is a name that both stand for. */
export function overlap(one: string, other: string): boolean {
    return covers(one, other) || covers(other, one);
}

function afterStar(host: string): string {
    return isWildcard(host) ? host.slice(1) : host;
}

export function isWildcard(host: string): boolean {
    return host.startsWith("*");
}
