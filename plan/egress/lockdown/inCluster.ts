import { GatewayLocation } from "../../mesh/gateway";
import { KubernetesObject, istioObject } from "../../shared/kubernetesObject";
import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateTargetPort } from "../route/validateTarget";
import { validatePorts } from "./destination";
import { guardMetadata } from "./guard";
import { InClusterDestination, ResolvedLockdown } from "./options";
import { serviceHosts } from "../../shared/serviceHost";

export function validateInCluster(path: string, destinations: InClusterDestination[]): Violation[] {
    return destinations.flatMap(({ namespace, ports }, index) => {
        const at = `${path}[${index}]`;
        const first = destinations.findIndex((one) => one.namespace === namespace);
        return [
            ...validateLabel(`${at}.namespace`, namespace, "a namespace"),
            ...(first === index
                ? []
                : [
                      {
                          path: `${at}.namespace`,
                          value: namespace,
                          problem: `is already the namespace of ${path}[${first}]`,
                          expected: "each namespace once",
                          fix: `List its ports in ${path}[${first}]`,
                      },
                  ]),
            ...validatePorts(`${at}.ports`, ports),
            ...ports.flatMap((port, i) => validateTargetPort(`${at}.ports[${i}]`, port)),
        ];
    });
}

/** Entries for the `hosts` of a Sidecar: the services of a destination, and nothing else that its namespace exports. */
export function inClusterHosts(destinations: InClusterDestination[]): string[] {
    return destinations.map(({ namespace }) => `${namespace}/${serviceHosts(namespace)}`);
}

/** Name of the AuthorizationPolicy in a destination's namespace. It is unique to the gateway's lockdown. */
export function inClusterPolicyName({ name, namespace }: GatewayLocation): string {
    return `${name}.${namespace}.lockdown`;
}

/**
 * Makes the destination's sidecars refuse calls from locked namespaces that the lockdown does not allow. It is a DENY
 * policy: with an ALLOW policy, Istio would refuse every other caller.
 */
export function inClusterAuthorization(
    gateway: GatewayLocation,
    locked: string[],
    { namespace, ports }: InClusterDestination,
): KubernetesObject {
    return istioObject("AuthorizationPolicy", guardMetadata(inClusterPolicyName(gateway), namespace), {
        action: "DENY",
        rules: [
            {
                from: [{ source: { namespaces: locked } }],
                to: [{ operation: { notPorts: ports.map(String) } }],
            },
        ],
    });
}

/**
 * Destinations that are not locked themselves. Between locked namespaces, tenants allow calls with their own
 * NetworkPolicies.
 */
export function reachedElsewhere({ alsoReaches, namespaces }: ResolvedLockdown): ResolvedLockdown["alsoReaches"] {
    return alsoReaches.filter(({ namespace }) => !namespaces.includes(namespace));
}
