import { Fields, fields, has, list, number, text, textMap, texts } from "../../review/fields";
import { RawObject, objectRef } from "../../review/rawObject";

/** One end of a connection inside the cluster. */
export interface Peer {
    namespace: string;
    namespaceLabels: Record<string, string>;
    podLabels: Record<string, string>;
}

/** The policies that select one end of a connection. None of them allows it. */
export interface BlockingPolicy {
    direction: "egress" | "ingress";
    /** `namespace/name`. */
    policies: string[];
}

/**
 * The NetworkPolicies that keep `from` from a port of `to`, by what Kubernetes defines: a pod that a policy of a direction
 * selects may only do what some policy allows. `to` undefined stands for an address outside of the cluster.
 */
export function blockingPolicies(
    policies: RawObject[],
    from: Peer,
    to: Peer | undefined,
    port: number,
): BlockingPolicy[] {
    const found: BlockingPolicy[] = [];
    const leaving = selecting(policies, from, "Egress");
    if (leaving.length > 0 && !leaving.some((policy) => allows(policy, "egress", to, port))) {
        found.push({ direction: "egress", policies: leaving.map(nameOf) });
    }
    const arriving = to ? selecting(policies, to, "Ingress") : [];
    if (arriving.length > 0 && !arriving.some((policy) => allows(policy, "ingress", from, port))) {
        found.push({ direction: "ingress", policies: arriving.map(nameOf) });
    }
    return found;
}

function nameOf(policy: RawObject): string {
    const { namespace, name } = objectRef(policy);
    return `${namespace}/${name}`;
}

function selecting(policies: RawObject[], peer: Peer, type: "Egress" | "Ingress"): RawObject[] {
    return policies.filter((policy) => {
        const spec = fields(policy.spec);
        const types = texts(spec.policyTypes);
        const isOfType = types.length > 0 ? types.includes(type) : type === "Ingress" || has(spec, "egress");
        return (
            isOfType &&
            objectRef(policy).namespace === peer.namespace &&
            selects(fields(spec.podSelector), peer.podLabels)
        );
    });
}

/** Whether a label selector, with its expressions, selects these labels. */
function selects(selector: Fields, labels: Record<string, string>): boolean {
    const byLabel = Object.entries(textMap(selector.matchLabels)).every(([key, value]) => labels[key] === value);
    const byExpression = list(selector.matchExpressions)
        .map(fields)
        .every(({ key, operator, values }) => {
            const value = labels[String(key)];
            switch (operator) {
                case "In":
                    return value !== undefined && texts(values).includes(value);
                case "NotIn":
                    return value === undefined || !texts(values).includes(value);
                case "Exists":
                    return value !== undefined;
                default:
                    return value === undefined;
            }
        });
    return byLabel && byExpression;
}

function allows(policy: RawObject, direction: "egress" | "ingress", other: Peer | undefined, port: number): boolean {
    const own = objectRef(policy).namespace;
    return list(fields(policy.spec)[direction])
        .map(fields)
        .some((rule) => {
            const peers = list(direction === "egress" ? rule.to : rule.from).map(fields);
            const ports = list(rule.ports).map(fields);
            return (
                (peers.length === 0 || peers.some((peer) => isPeer(peer, other, own))) &&
                (ports.length === 0 || ports.some((one) => isPort(one, port)))
            );
        });
}

function isPeer(peer: Fields, other: Peer | undefined, own: string): boolean {
    if (other === undefined) {
        // Which address a name has is not known here, so a range gets the benefit of the doubt.
        return has(peer, "ipBlock");
    }
    if (has(peer, "ipBlock")) {
        return false;
    }
    const isInNamespace = has(peer, "namespaceSelector")
        ? selects(fields(peer.namespaceSelector), other.namespaceLabels)
        : other.namespace === own;
    return isInNamespace && selects(fields(peer.podSelector), other.podLabels);
}

function isPort(one: Fields, port: number): boolean {
    if (text(one.protocol) !== undefined && one.protocol !== "TCP") {
        return false;
    }
    const first = number(one.port);
    // A port by its name is taken to be the right one: names are the pod's own.
    return first === undefined || first === port || (first < port && port <= (number(one.endPort) ?? first));
}
