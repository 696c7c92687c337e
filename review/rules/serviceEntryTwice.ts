import { ServiceEntry } from "../objects/serviceEntry";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { Audiences, ELSEWHERE, audience } from "../visibility";

/**
 * Keeps silent where both say the same, where each is for other ports, and where a namespace has its own: that one is
 * then taken. In one namespace the endpoints of two entries are joined, which may be meant.
 */
export const serviceEntryTwice: Rule = {
    id: "service-entry-twice",
    title: "Two ServiceEntries declare a host and port differently for the same callers.",
    why: "Sidecars use the older entry's port and endpoints. Recreating an entry changes which one is older.",
    severity: "advisory",
    find: ({ serviceEntries }) => {
        const byHost = new Map<string, Audiences<ServiceEntry>>();
        return serviceEntries.flatMap((entry) =>
            entry.hosts.flatMap((host, position) => {
                const before = byHost.get(host) ?? new Audiences<ServiceEntry>();
                const first = before.meeting(entry).find((other) => differ(entry, other) && meet(entry, other));
                byHost.set(host, before);
                before.add(entry);
                return first
                    ? [
                          finding(entry, {
                              path: `spec.hosts[${position}]`,
                              value: host,
                              problem: `is already declared by ${describeRef(first.ref)} with another port, resolution or endpoint, and sidecars use only one of the two`,
                              expected: "one ServiceEntry per host and port",
                              fix: "Merge all ports of the host into one entry, or export the entries to different namespaces",
                          }),
                      ]
                    : [];
            }),
        );
    },
};

function differ(one: ServiceEntry, other: ServiceEntry): boolean {
    const shared = one.ports.flatMap((port) =>
        other.ports.filter(({ number }) => number === port.number).map((second) => [port, second]),
    );
    if (shared.length === 0) {
        return false;
    }
    const isElsewhere = one.ref.namespace !== other.ref.namespace;
    return (
        shared.some(([port, second]) => port.protocol !== second.protocol || port.targetPort !== second.targetPort) ||
        one.resolution !== other.resolution ||
        (isElsewhere && String(one.endpoints) !== String(other.endpoints))
    );
}

/** Whether a namespace that sees both prefers neither as its own. */
function meet(one: ServiceEntry, other: ServiceEntry): boolean {
    if (one === other) {
        return false;
    }
    if (one.ref.namespace === other.ref.namespace) {
        return true;
    }
    const owners = [one.ref.namespace, other.ref.namespace];
    const [first, second] = [audience(one), audience(other)];
    const everywhere = [first, second].map((namespaces) => namespaces.includes(ELSEWHERE));
    if (everywhere[0] && everywhere[1]) {
        return true;
    }
    const shared = everywhere[0] ? second : everywhere[1] ? first : first.filter((name) => second.includes(name));
    return shared.some((namespace) => !owners.includes(namespace));
}
