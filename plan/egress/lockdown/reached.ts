import { Violation } from "../../shared/violation";
import { ResolvedLockdown } from "./options";

/** Namespaces that run the cluster: locking one down would stop it. */
export const CLUSTER_NAMESPACES = ["kube-system", "kube-public", "kube-node-lease"];

/** A namespace that an option names, and where. */
export interface NamedNamespace {
    path: string;
    namespace: string;
}

/** The namespaces that somebody would reach by the lockdown's own options. */
export function reachedNamespaces({ gatewayEgress, alsoReaches }: ResolvedLockdown): NamedNamespace[] {
    return [
        ...gatewayEgress.flatMap(({ namespace }, index) =>
            namespace === undefined ? [] : [{ path: `gatewayEgress[${index}].namespace`, namespace }],
        ),
        ...alsoReaches.map(({ namespace }, index) => ({ path: `alsoReaches[${index}].namespace`, namespace })),
    ];
}

/** Refuses ways into what runs the cluster, and ways through the gateway into a locked namespace. */
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
                      "is locked, so its tenants could serve a partner's host behind the gateway",
                      "the namespace of a partner's servers, which is not locked",
                      "Remove it; for calls from one locked namespace to another, use alsoReaches",
                  )
                : [],
        ),
        ...(scraper && namespaces.includes(scraper.namespace)
            ? [
                  violation(
                      { path: "scraper.namespace", namespace: scraper.namespace },
                      "is locked, so nothing in it reaches the gateway's metrics",
                      "a namespace that is not locked",
                      "Move the scraper, or take the namespace out of the lockdown",
                  ),
              ]
            : []),
    ];
}
