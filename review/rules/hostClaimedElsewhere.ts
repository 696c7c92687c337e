import { isPrivate } from "../visibility";
import { MESH } from "../objects/virtualService";
import { HostIndex } from "../mesh/hostIndex";
import { Inventory } from "../mesh/inventory";
import { ObjectRef, describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { REVIEW_DEFAULTS } from "../reviewContext";

/** One object's word about where calls to a host go. */
interface Claim {
    ref: ObjectRef;
    path: string;
    host: string;
    exportTo: string[];
}

/**
 * A host belongs to a namespace that declares it and leads calls of the mesh to a gateway of its own. Names are compared as Istio compares them:
 * by letter of either case, without a dot at the end, and with wildcards. Objects of the root namespace are the mesh's own, and VirtualServices
 * of ingress gateways alone say nothing about calls inside the mesh.
 */
export const hostClaimedElsewhere: Rule = {
    id: "host-claimed-elsewhere",
    title: "A namespace routes calls to a host that belongs to another namespace's egress gateway.",
    why: "Sidecars that see the object may use it instead of the route, and call past the gateway or to another server.",
    severity: "advisory",
    find: (mesh) => {
        const owned = new HostIndex(ownedHosts(mesh), ({ host }) => [host]);
        return claims(mesh)
            .filter(({ ref }) => ref.namespace !== (mesh.context.rootNamespace ?? REVIEW_DEFAULTS.rootNamespace))
            .flatMap(({ ref, path, host, exportTo }) => {
                const owners = owned.overlapping(normalized(host));
                const owner = owners.find(({ entry }) => entry.namespace !== ref.namespace);
                // Two namespaces that both lead a host to a gateway of their own claim it from each other; others keep their own.
                return owner === undefined || owners.some(({ entry }) => entry.namespace === ref.namespace)
                    ? []
                    : [
                          finding(
                              { ref },
                              {
                                  path,
                                  value: host,
                                  problem: `belongs to the egress gateway of ${describeRef(owner.entry)}, and ${
                                      isPrivate(exportTo, ref.namespace) ? "calls of this namespace" : "calls"
                                  } may use this object instead`,
                                  expected: "objects for the host only in its gateway's namespace",
                                  fix: "Remove the host here, and add these callers to the route's allowFrom",
                              },
                          ),
                      ];
            });
    },
};

function* ownedHosts({ serviceEntries, routesByHost }: Inventory): Iterable<{ host: string; entry: ObjectRef }> {
    for (const { ref, hosts } of serviceEntries) {
        for (const host of hosts) {
            const leads = routesByHost
                .exact(host)
                .some(
                    ({ ref: by, gateways }) =>
                        by.namespace === ref.namespace &&
                        gateways.includes(MESH) &&
                        gateways.some((gateway) => gateway.startsWith(`${ref.namespace}/`)),
                );
            if (leads) {
                yield { host: normalized(host), entry: ref };
            }
        }
    }
}

function claims({ serviceEntries, virtualServices, destinationRules }: Inventory): Claim[] {
    return [
        ...serviceEntries.flatMap(({ ref, hosts, exportTo }) => listed(ref, hosts, exportTo)),
        ...virtualServices
            .filter(({ gateways }) => gateways.includes(MESH))
            .flatMap(({ ref, hosts, exportTo }) => listed(ref, hosts, exportTo)),
        ...destinationRules.map(({ ref, host, exportTo }) => ({ ref, path: "spec.host", host, exportTo })),
    ];
}

function listed(ref: ObjectRef, hosts: string[], exportTo: string[]): Claim[] {
    return hosts.map((host, position) => ({ ref, path: `spec.hosts[${position}]`, host, exportTo }));
}

function normalized(host: string): string {
    return host.toLowerCase().replace(/\.$/, "");
}
