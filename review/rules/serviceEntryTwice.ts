import { ServiceEntry } from "../objects/serviceEntry";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { Scene } from "../scene";
import { isVisible } from "../visibility";

/**
 * Keeps silent where both say the same, where each is for other ports, and where a namespace has its own: that one is
 * then taken. In one namespace the endpoints of two entries are joined, which may be meant.
 */
export const serviceEntryTwice: Rule = {
    id: "service-entry-twice",
    title: "Two ServiceEntries declare a host and port differently for the same callers.",
    why: "Sidecars take the older entry's port and endpoints; which one that is changes when one is recreated.",
    find: (scene) =>
        scene.serviceEntries.flatMap((entry, index) =>
            entry.hosts.flatMap((host, position) => {
                const first = scene.serviceEntries
                    .slice(0, index)
                    .find((other) => other.hosts.includes(host) && differ(entry, other) && meet(scene, entry, other));
                return first
                    ? [
                          finding(entry, {
                              path: `spec.hosts[${position}]`,
                              value: host,
                              problem: `is already declared by ${describeRef(first.ref)} with another port, resolution or endpoint, and sidecars take only one of the two`,
                              expected: "one ServiceEntry for a host and port",
                              fix: "Put all ports of the host into one entry, or export the entries to different namespaces",
                          }),
                      ]
                    : [];
            }),
        ),
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

/** Whether a namespace sees both and prefers neither as its own. */
function meet({ namespaces }: Scene, one: ServiceEntry, other: ServiceEntry): boolean {
    return namespaces.some((namespace) => {
        const sees = [one, other].every(({ ref, exportTo }) => isVisible(exportTo, ref.namespace, namespace));
        return sees && (namespace === one.ref.namespace) === (namespace === other.ref.namespace);
    });
}
