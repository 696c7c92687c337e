import { CLUSTER_NAMESPACES } from "../../shared/clusterNamespaces";
import { Violation } from "../../shared/violation";
import { ResolvedLockdown } from "./options";

/** A namespace that an option names, and the option's path. */
export interface NamedNamespace {
    path: string;
    namespace: string;
}

/** Namespaces that locked pods or the gateway would reach by the lockdown's own options. */
export function reachedNamespaces({ gatewayEgress, alsoReaches }: ResolvedLockdown): NamedNamespace[] {
    return [
        ...gatewayEgress.flatMap(({ namespace }, index) =>
            namespace === undefined ? [] : [{ path: `gatewayEgress[${index}].namespace`, namespace }],
        ),
        ...alsoReaches.map(({ namespace }, index) => ({ path: `alsoReaches[${index}].namespace`, namespace })),
    ];
}

/** Refuses destinations in namespaces that run the cluster, and access to a locked namespace through the gateway. */
export function validateReached(shape: ResolvedLockdown): Violation[] {
    const { namespaces, gatewayEgress, scraper } = shape;
    const violation = ({ path, namespace }: NamedNamespace, problem: string, expected: string, fix: string) => ({
        path,
        value: namespace,
        problem,
        expected,
        fix,
    });
    return [
        ...reachedNamespaces(shape)
            .filter(({ namespace }) => CLUSTER_NAMESPACES.includes(namespace))
            .map((one) => violation(one, "runs the cluster itself", "a namespace of servers", "Remove it")),
        ...gatewayEgress.flatMap(({ namespace }, index) =>
            namespace !== undefined && namespaces.includes(namespace)
                ? violation(
                      { path: `gatewayEgress[${index}].namespace`, namespace },
                      "is locked, and its tenants could then impersonate a partner's server",
                      "the namespace of a partner's servers, which is not locked",
                      "Remove it. For calls from one locked namespace to another, use alsoReaches",
                  )
                : [],
        ),
        ...(scraper && namespaces.includes(scraper.namespace)
            ? [
                  violation(
                      { path: "scraper.namespace", namespace: scraper.namespace },
                      "is locked, so its pods cannot reach the gateway's metrics",
                      "a namespace that is not locked",
                      "Move the scraper to another namespace, or remove this one from namespaces",
                  ),
              ]
            : []),
    ];
}
