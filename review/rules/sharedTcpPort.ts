import { EntryPort, ServiceEntry, isOpaque } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";
import { Scene } from "../scene";
import { isVisible } from "../visibility";

interface Claim {
    entry: ServiceEntry;
    host: string;
    port: EntryPort;
    /** Where sidecars listen for the host; nothing else tells it from others. */
    listener: string;
}

/**
 * istiod 1.31 gives each host of an entry an address of its own, and then two hosts on one port are told apart (run).
 * Not so where the entry or the mesh declines that, or where two name the same address: the first one gets the calls
 * of both (run). Keeps silent about wildcards, and about resolution NONE, which dials what the application dialled.
 */
export const sharedTcpPort: Rule = {
    id: "shared-tcp-port",
    title: "Two TCP hosts share an address and a port.",
    why: "A sidecar sees bytes and an address, no name: calls to the second host go to the first one's server.",
    find: (scene) => {
        const claims = claimsIn(scene);
        return claims.flatMap((claim, index): RuleFinding[] => {
            const first = claims
                .slice(0, index)
                .find(
                    (other) =>
                        other.listener === claim.listener && other.host !== claim.host && meet(scene, other, claim),
                );
            return first ? [shared(claim, first)] : [];
        });
    },
};

function claimsIn({ serviceEntries, context }: Scene): Claim[] {
    return serviceEntries
        .filter(({ resolution }) => resolution !== "NONE")
        .flatMap((entry) => {
            const isGivenAddress = !entry.refusesAddress && (context.ipAutoAllocation ?? true);
            const addresses = entry.addresses.length > 0 ? entry.addresses : isGivenAddress ? [] : ["every address"];
            return entry.ports
                .filter(({ protocol }) => isOpaque(protocol))
                .flatMap((port) =>
                    entry.hosts
                        .filter((host) => !host.startsWith("*"))
                        .flatMap((host) =>
                            addresses.map((address) => ({ entry, host, port, listener: `${address}:${port.number}` })),
                        ),
                );
        });
}

function meet({ namespaces }: Scene, one: Claim, other: Claim): boolean {
    return namespaces.some((namespace) =>
        [one, other].every(({ entry }) => isVisible(entry.exportTo, entry.ref.namespace, namespace)),
    );
}

function shared({ entry, host, port }: Claim, first: Claim): RuleFinding {
    return finding(entry, {
        path: `spec.hosts[${entry.hosts.indexOf(host)}]`,
        value: host,
        problem: `shares its address and TCP port ${port.number} with ${first.host} of ServiceEntry ${first.entry.ref.namespace}/${first.entry.ref.name}, and a sidecar sends the calls of both to the one that it knows first`,
        expected: "an address of its own for each TCP host",
        fix: "Remove addresses and the label networking.istio.io/enable-autoallocate-ip, so that istiod gives each host one, or use another port",
    });
}
