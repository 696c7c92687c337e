import { Fields, fields, has, list, number, text, texts } from "../../fields";
import { RawObject, objectRef } from "../../rawObject";
import { EgressRule, NetworkPolicy, OutsidePeer, PolicyPort } from "./networkPolicy";
import { labelSelections } from "./selector";

/** Entities with which a rule reaches every address outside of the cluster. */
const WORLD = ["world", "world-ipv4", "world-ipv6", "all"];
/** Cilium knows a pod's namespace as a label of it. */
const NAMESPACE = "io.kubernetes.pod.namespace";
const PEERS = ["toEndpoints", "toEntities", "toCIDR", "toCIDRSet", "toFQDNs", "toServices", "toGroups", "toNodes"];

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: one policy for each rule of `spec` and `specs`. */
export function readCiliumPolicies(object: RawObject & { specs?: unknown }): NetworkPolicy[] {
    const ref = objectRef(object);
    const rules: [string, Fields][] = [
        ...(has(object as unknown as Fields, "spec") ? [["spec", fields(object.spec)] as [string, Fields]] : []),
        ...list(object.specs).map((value, index): [string, Fields] => [`specs[${index}]`, fields(value)]),
    ];
    return rules.map(([path, rule]) => {
        const selections = labelSelections(rule.endpointSelector, labelName);
        const named = [...new Set(selections.map((labels) => labels[NAMESPACE]))];
        const isClusterwide = object.kind === "CiliumClusterwideNetworkPolicy";
        return {
            ref,
            selections: selections.map(({ [NAMESPACE]: _, ...labels }) => labels),
            namespace: isClusterwide ? (named.length === 1 ? named[0] : undefined) : ref.namespace,
            egress: list(rule.egress).flatMap((value, index) => readRule(`${path}.egress[${index}]`, fields(value))),
            deniesRest: false,
        };
    });
}

/** Without the source of the label, such as `k8s:` or `any:`. */
function labelName(key: string): string {
    return key.replace(/^[a-z0-9-]+:/, "");
}

/** A rule without peers and ports allows nothing: it is how Cilium's documentation writes "deny all". */
function readRule(path: string, rule: Fields): EgressRule[] {
    const named = PEERS.filter((name) => Array.isArray(rule[name]));
    const ports = list(rule.toPorts).flatMap((value) => list(fields(value).ports).map(fields).map(readPort));
    const own = ports.length > 0 && ports.every(({ number: one }) => one !== 0) && { ports };
    if (named.length === 0) {
        return list(rule.toPorts).length > 0 ? [{ path: `${path}.toPorts`, ...own }] : [];
    }
    const peers = [
        ...entities(path, rule),
        ...texts(rule.toCIDR).map((cidr, index) => ({
            path: `${path}.toCIDR[${index}]`,
            value: cidr,
            cidr,
            except: [],
        })),
        ...list(rule.toCIDRSet).flatMap((value, index) => {
            const { cidr, except } = fields(value);
            const range = text(cidr);
            return range === undefined
                ? []
                : [{ path: `${path}.toCIDRSet[${index}].cidr`, value: range, cidr: range, except: texts(except) }];
        }),
        ...list(rule.toFQDNs).flatMap((value, index) => {
            const pattern = text(fields(value).matchPattern);
            return pattern !== undefined && /^[*.]+$/.test(pattern)
                ? [{ path: `${path}.toFQDNs[${index}].matchPattern`, value: pattern, except: [] }]
                : [];
        }),
    ];
    return [{ path, peers, ...own }];
}

function entities(path: string, { toEntities }: Fields): OutsidePeer[] {
    return texts(toEntities).flatMap((value, index) =>
        WORLD.includes(value) ? [{ path: `${path}.toEntities[${index}]`, value, except: [] }] : [],
    );
}

/** Ports are text: a number, or the name of a port. */
function readPort({ port, endPort }: Fields): PolicyPort {
    const value = text(port);
    const own = value !== undefined && /^\d+$/.test(value) ? Number(value) : number(port);
    return { number: own, end: number(endPort) || undefined, ...(own === undefined && { name: value }) };
}
