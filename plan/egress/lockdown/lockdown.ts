import { callerNamespaces as namespacesOf } from "../../shared/caller";
import { GatewayLocation } from "../../mesh/gateway";
import { CLUSTER_NAMESPACES } from "../../shared/clusterNamespaces";
import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateAdministrators } from "./administratorGroups";
import { validateDestinations } from "./destination";
import { validateClusterRanges } from "./insideCluster";
import { validateInCluster } from "./inCluster";
import { validateAllowedAnnotations } from "./agentAnnotations";
import { validateAllowedResources } from "./extendedResources";
import { validateAllowedKinds } from "./allowedKinds";
import { validateImageRegistries } from "./podImages";
import { ResolvedLockdown } from "./options";
import { NamedNamespace, reachedNamespaces, validateReached } from "./reached";
import { validateAllowedRuntimeClasses } from "./runtimeClasses";
import { validateSchedule } from "./checkSchedule";
import { validateScraper } from "./scraper";
import { validateOpenRanges } from "../../shared/openRange";

/** Locations of the components that locked namespaces are still allowed to reach. */
export interface LockdownContext {
    gateway: GatewayLocation;
    meshNamespace: string;
}

/** Properties of mesh and gateway that are known only once these are. */
export interface KnownLockdownContext extends LockdownContext {
    /** Whether the gateway also accepts calls in plaintext. */
    plaintextPort: boolean;
}

export function validateLockdown(shape: ResolvedLockdown): Violation[] {
    return [
        ...validateNamespaces(shape.namespaces),
        ...validateGatewayTraffic(shape),
        ...validateDestinations("gatewayEgress", shape.gatewayEgress),
        ...validateClusterRanges(shape),
        ...validateInCluster("alsoReaches", shape.alsoReaches),
        ...(shape.scraper ? validateScraper("scraper", shape.scraper) : []),
        ...validateAdministrators("administrators", shape.administrators, shape.namespaces),
        ...validateReached(shape),
        ...validateOpenRanges("nodeDnsRanges", shape.nodeDnsRanges, {
            // Addresses of a node-local DNS cache. Only port 53 is opened.
            allow: ["linkLocal", "private"],
            expected: "the addresses at which the nodes' DNS cache listens",
        }),
        ...validateOpenRanges("controlPlaneEgress", shape.controlPlaneEgress, {
            allow: ["private"],
            expected: "the addresses of the API server and of servers of JSON Web Key Sets",
        }),
        ...validateImageRegistries("imageRegistries", shape.imageRegistries),
        ...validateAllowedKinds("allowedKinds", shape.allowedKinds),
        ...validateAllowedAnnotations("allowedAnnotations", shape.allowedAnnotations),
        ...validateAllowedResources("allowedResources", shape.allowedResources),
        ...validateAllowedRuntimeClasses("allowedRuntimeClasses", shape.allowedRuntimeClasses),
        ...validateSharedHostsWith(shape),
        ...validateSchedule("checkSchedule", shape.checkSchedule),
    ];
}

function validateNamespaces(namespaces: string[]): Violation[] {
    if (namespaces.length === 0) {
        return [
            {
                path: "namespaces",
                problem: "the list is empty, so nothing would be locked down",
                expected: "at least one namespace",
                fix: "Name the namespaces that may leave the cluster only through the gateway",
            },
        ];
    }
    return namespaces.flatMap((namespace, index) => {
        const path = `namespaces[${index}]`;
        const first = namespaces.indexOf(namespace);
        if (first !== index) {
            return [
                {
                    path,
                    value: namespace,
                    problem: `is the same as namespaces[${first}]`,
                    expected: "each namespace once",
                    fix: "Remove one of the two",
                },
            ];
        }
        if (CLUSTER_NAMESPACES.includes(namespace)) {
            return [
                {
                    path,
                    value: namespace,
                    problem: "runs the cluster itself, which would stop working if it could reach only the gateway",
                    expected: "namespaces of applications",
                    fix: "Remove it",
                },
            ];
        }
        return validateLabel(path, namespace, "a namespace");
    });
}

/** Refuses a locked namespace among those that may claim the gateway's hosts. */
function validateSharedHostsWith({ namespaces, sharedHostsWith }: ResolvedLockdown): Violation[] {
    return sharedHostsWith.flatMap((namespace, index) => {
        const path = `sharedHostsWith[${index}]`;
        return namespaces.includes(namespace)
            ? [
                  {
                      path,
                      value: namespace,
                      problem: "is a locked namespace, whose users could then send calls to an egress host elsewhere",
                      expected: "namespaces of other egress gateways",
                      fix: "Remove it",
                  },
              ]
            : validateLabel(path, namespace, "a namespace");
    });
}

/** Refuses a gateway whose traffic no NetworkPolicy selects: a lockdown would have no effect there. */
function validateGatewayTraffic({ staticEgressGateway }: ResolvedLockdown): Violation[] {
    return staticEgressGateway
        ? [
              {
                  path: "staticEgressGateway",
                  value: staticEgressGateway,
                  problem:
                      "means that the gateway's traffic leaves in a tunnel to the static egress pool, where NetworkPolicies do not apply",
                  expected: "a gateway whose pods leave through the cluster's ordinary network",
                  fix: "Give the gateway's node pool a NAT gateway or a firewall for its fixed address instead",
              },
          ]
        : [];
}

/** Refuses namespaces that cannot be locked down with this gateway and mesh, and options that would bypass them. */
export function validateLockdownContext(
    shape: ResolvedLockdown,
    { gateway, meshNamespace, plaintextPort }: KnownLockdownContext,
): Violation[] {
    const taken = new Map([
        [gateway.namespace, "the gateway's namespace, which must reach the partners"],
        [meshNamespace, "the mesh's root namespace, whose pods run the mesh"],
    ]);
    const named = (places: NamedNamespace[], expected: string): Violation[] =>
        places.flatMap(({ path, namespace }) => {
            const what = taken.get(namespace);
            return what === undefined
                ? []
                : [{ path, value: namespace, problem: `is ${what}`, expected, fix: "Remove it" }];
        });
    const violations = [
        ...named(
            shape.namespaces.map((namespace, index) => ({ path: `namespaces[${index}]`, namespace })),
            "namespaces of applications",
        ),
        ...named(reachedNamespaces(shape), "a namespace of servers"),
        ...validateAdministrators("administrators", shape.administrators, [gateway.namespace]),
    ];
    if (plaintextPort) {
        violations.push({
            path: "gateway.plaintextPort",
            value: plaintextPort,
            problem: "means that the gateway accepts unauthenticated calls, which a lockdown must not allow",
            expected: "a gateway that accepts only the mesh's mutual TLS",
            fix: "Create a second EgressGateway for the routes with gatewayTransport: plaintext",
        });
    }
    return violations;
}

/** Namespaces whose callers the routes allow, sorted and without duplicates. */
export function allowedNamespaces(routes: string[][]): string[] {
    return namespacesOf(routes.flat().map((namespace) => ({ namespace })));
}
