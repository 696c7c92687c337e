import type {
    V1LabelSelector,
    V1NetworkPolicy,
    V1NetworkPolicyIngressRule,
    V1NetworkPolicyPeer,
    V1NetworkPolicyPort,
} from "@kubernetes/client-node";

/** The table of the kernel's packet filter that holds everything of the stand-in. */
export const TABLE = "mesh_egress_lab";

export interface PodStates {
    namespace: string;
    labels: Record<string, string>;
    ip: string;
    /** Numbers of the ports that have names. */
    ports: Record<string, number>;
}

/** What policies are applied to. */
export interface ClusterAddresses {
    policies: V1NetworkPolicy[];
    pods: PodStates[];
    /** Labels by namespace. */
    namespaces: Record<string, Record<string, string>>;
}

/** The input for `nft -f -` that makes the kernel do what the policies say, IPv4 only. */
export function ruleset(facts: ClusterAddresses): string {
    return `add table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
${chain("egress", directionRules(facts, "Egress"))}
${chain("ingress", directionRules(facts, "Ingress"))}
    chain forward {
        type filter hook forward priority filter; policy accept;
        ct state established,related accept
        jump egress
        jump ingress
    }
    # What pods send to their node; what the node sends to its pods is always allowed.
    chain input {
        type filter hook input priority filter; policy accept;
        ct state established,related accept
        jump egress
    }
}
`;
}

type Direction = "Egress" | "Ingress";

function chain(name: string, rules: string[]): string {
    return [`    chain ${name} {`, ...rules.map((rule) => `        ${rule}`), "    }"].join("\n");
}

function directionRules(facts: ClusterAddresses, direction: Direction): string[] {
    const [own, other] = direction === "Egress" ? ["saddr", "daddr"] : ["daddr", "saddr"];
    const isolated = new Set<string>();
    const allowed = facts.policies.flatMap(({ metadata, spec }) => {
        const namespace = metadata?.namespace ?? "";
        const targets = facts.pods.filter(
            (pod) => pod.namespace === namespace && matches(spec?.podSelector, pod.labels),
        );
        if (!spec?.policyTypes?.includes(direction) || targets.length === 0) {
            return [];
        }
        targets.forEach(({ ip }) => isolated.add(ip));
        const rules =
            direction === "Egress"
                ? (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
                : (spec.ingress ?? []).map((rule) => ({ peers: fromOf(rule), ports: rule.ports }));
        return rules.flatMap(({ peers, ports }) =>
            peerMatches(facts, namespace, peers).flatMap((peer) =>
                portMatches(ports, direction === "Egress" ? peer.pods : targets).map((port) =>
                    [`ip ${own} ${set(targets)}`, peer.match(other), port, "return"].filter(Boolean).join(" "),
                ),
            ),
        );
    });
    return isolated.size === 0 ? [] : [...allowed, `ip ${own} { ${[...isolated].join(", ")} } drop`];
}

/** The client renames the field in what it lists, and leaves it as it is in what it watches. */
function fromOf(
    rule: V1NetworkPolicyIngressRule & { from?: V1NetworkPolicyPeer[] },
): V1NetworkPolicyPeer[] | undefined {
    return rule._from ?? rule.from;
}

interface PeerMatch {
    match(field: string): string;
    pods: PodStates[];
}

function peerMatches(facts: ClusterAddresses, namespace: string, peers: V1NetworkPolicyPeer[] = []): PeerMatch[] {
    if (peers.length === 0) {
        return [{ match: () => "", pods: facts.pods }];
    }
    return peers.flatMap(({ ipBlock, namespaceSelector, podSelector }): PeerMatch[] => {
        if (ipBlock) {
            if (ipBlock.cidr.includes(":")) {
                return [];
            }
            const except = ipBlock.except ?? [];
            const but = (field: string) => (except.length > 0 ? ` ip ${field} != { ${except.join(", ")} }` : "");
            return [{ match: (field) => `ip ${field} ${ipBlock.cidr}${but(field)}`, pods: [] }];
        }
        const pods = facts.pods.filter(
            (pod) =>
                (namespaceSelector
                    ? matches(namespaceSelector, facts.namespaces[pod.namespace] ?? {})
                    : pod.namespace === namespace) && matches(podSelector, pod.labels),
        );
        return pods.length === 0 ? [] : [{ match: (field) => `ip ${field} ${set(pods)}`, pods }];
    });
}

/** `destinations` are the pods whose port names are meant. */
function portMatches(ports: V1NetworkPolicyPort[] = [], destinations: PodStates[]): string[] {
    if (ports.length === 0) {
        return [""];
    }
    return ports.flatMap(({ protocol = "TCP", port, endPort }) => {
        const name = protocol.toLowerCase();
        if (port === undefined) {
            return [`ip protocol ${name}`];
        }
        if (typeof port === "number") {
            return [`${name} dport ${endPort ? `${port}-${endPort}` : port}`];
        }
        return destinations
            .filter((pod) => pod.ports[port] !== undefined)
            .map((pod) => `ip daddr ${pod.ip} ${name} dport ${pod.ports[port]}`);
    });
}

function set(pods: PodStates[]): string {
    return `{ ${pods.map(({ ip }) => ip).join(", ")} }`;
}

/** Whether a label selector selects; none selects everything. */
function matches(selector: V1LabelSelector | undefined, labels: Record<string, string>): boolean {
    const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
    return (
        equal &&
        (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
            switch (operator) {
                case "In":
                    return key in labels && values.includes(labels[key]);
                case "NotIn":
                    return !(key in labels) || !values.includes(labels[key]);
                case "Exists":
                    return key in labels;
                default:
                    return !(key in labels);
            }
        })
    );
}
