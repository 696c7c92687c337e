import { isOpaque } from "../objects/protocols";
import { EntryPort, ServiceEntry } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";
import { Mesh } from "../mesh/mesh";
import { Audiences, Exported } from "../visibility";
import { REVIEW_DEFAULTS } from "../reviewContext";

interface Claim extends Exported {
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
    why: "A sidecar sees only an address, no name: calls to the second host go to the first one's server.",
    severity: "advisory",
    find: (mesh) => {
        const byListener = new Map<string, Audiences<Claim>>();
        return claimsIn(mesh).flatMap((claim): RuleFinding[] => {
            const before = byListener.get(claim.listener) ?? new Audiences<Claim>();
            const first = before.meeting(claim).find(({ host }) => host !== claim.host);
            byListener.set(claim.listener, before);
            before.add(claim);
            return first ? [shared(claim, first)] : [];
        });
    },
};

function claimsIn({ serviceEntries, context }: Mesh): Claim[] {
    return serviceEntries
        .filter(({ resolution }) => resolution !== "NONE")
        .flatMap((entry) => {
            const isGivenAddress =
                !entry.refusesAddress && (context.ipAutoAllocation ?? REVIEW_DEFAULTS.ipAutoAllocation);
            const addresses = entry.addresses.length > 0 ? entry.addresses : isGivenAddress ? [] : ["every address"];
            return entry.ports
                .filter(({ protocol }) => isOpaque(protocol))
                .flatMap((port) =>
                    entry.hosts
                        .filter((host) => !host.startsWith("*"))
                        .flatMap((host) =>
                            addresses.map((address) => ({
                                ref: entry.ref,
                                exportTo: entry.exportTo,
                                entry,
                                host,
                                port,
                                listener: `${address}:${port.number}`,
                            })),
                        ),
                );
        });
}

function shared({ entry, host, port }: Claim, first: Claim): RuleFinding {
    return finding(entry, {
        path: `spec.hosts[${entry.hosts.indexOf(host)}]`,
        value: host,
        problem: `shares its address and TCP port ${port.number} with ${first.host} of ServiceEntry ${first.entry.ref.namespace}/${first.entry.ref.name}, so sidecars send the calls of both to the same server`,
        expected: "a separate address for each TCP host",
        fix: "Remove addresses and the label networking.istio.io/enable-autoallocate-ip, so that istiod assigns one to each host, or use another port",
    });
}
