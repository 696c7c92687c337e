import { isPrivate, isVisible } from "../visibility";
import { MESH } from "../objects/virtualService";
import { HostIndex } from "../mesh/hostIndex";
import { Inventory } from "../mesh/inventory";
import { ObjectRef, describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/** One object's word about where calls to hosts go. */
interface Claim {
    ref: ObjectRef;
    exportTo: string[];
    hosts: string[];
    /** Absent for hosts in a list. */
    path?: string;
}

interface OwnedHost {
    host: string;
    entry: ObjectRef;
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
        const routes = mesh.virtualServices.filter(({ gateways }) => gateways.includes(MESH));
        const claims: Claim[] = [
            ...[...mesh.serviceEntries, ...routes].map(({ ref, exportTo, hosts }) => ({ ref, exportTo, hosts })),
            ...mesh.destinationRules.map(({ ref, exportTo, host }) => ({
                ref,
                exportTo,
                hosts: [host],
                path: "spec.host",
            })),
        ];
        return claims
            .filter(({ ref }) => ref.namespace !== mesh.rootNamespace)
            .flatMap((claim) => claim.hosts.flatMap((host, position) => reviewHost(owned, claim, host, position)));
    },
};

function reviewHost(
    owned: HostIndex<OwnedHost>,
    { ref, exportTo, path }: Claim,
    host: string,
    position: number,
): RuleFinding[] {
    const isOwn = isPrivate(exportTo, ref.namespace);
    // What no other namespace sees is about calls to the gateway only where its own namespace sees the gateway's entry.
    const owners = owned
        .overlapping(normalized(host))
        .filter((one) => !isOwn || isVisible(one.exportTo, one.entry.namespace, ref.namespace));
    const owner = owners.find(({ entry }) => entry.namespace !== ref.namespace);
    // Two namespaces that both lead a host to a gateway of their own claim it from each other; others keep their own.
    if (owner === undefined || owners.some(({ entry }) => entry.namespace === ref.namespace)) {
        return [];
    }
    const calls = isOwn ? "calls of this namespace" : "calls";
    const violation = {
        path: path ?? `spec.hosts[${position}]`,
        value: host,
        problem: `belongs to the egress gateway of ${describeRef(owner.entry)}, and ${calls} may use this object instead`,
        expected: "objects for the host only in its gateway's namespace",
        fix: "Remove the host here, and add these callers to the route's allowFrom",
    };
    return [finding({ ref }, violation)];
}

function* ownedHosts({ serviceEntries, routesByHost }: Inventory): Iterable<OwnedHost> {
    for (const { ref, hosts, exportTo } of serviceEntries) {
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
                yield { host: normalized(host), entry: ref, exportTo };
            }
        }
    }
}

function normalized(host: string): string {
    const lower = host.toLowerCase();
    return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}
