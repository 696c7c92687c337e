import { coverEverything } from "../../addresses";
import { Fields, fields, has, list, number, text, texts } from "../../fields";
import { RawObject, objectRef } from "../../rawObject";
import { EgressRule, NetworkPolicy, PolicyPort } from "./networkPolicy";
import { labelSelections } from "./selector";

const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/**
 * AdminNetworkPolicy, and its successor ClusterNetworkPolicy in the tier Admin: what they allow, no NetworkPolicy takes
 * back. A baseline is only asked where no NetworkPolicy selects the pod, and is left out.
 */
export function readAdminPolicies(object: RawObject): NetworkPolicy[] {
    const spec = fields(object.spec);
    if (object.kind === "ClusterNetworkPolicy" && spec.tier !== "Admin") {
        return [];
    }
    const rules = list(spec.egress).map(fields);
    const end = rules.findIndex((rule) => rule.action === "Deny" && isForAll(rule));
    const heard = end === -1 ? rules : rules.slice(0, end);
    return [
        {
            ref: objectRef(object),
            ...selected(fields(spec.subject)),
            egress: heard.flatMap((rule, index) =>
                rule.action === "Allow" || rule.action === "Accept" ? [readRule(`spec.egress[${index}]`, rule)] : [],
            ),
            order: { family: "admin", position: number(spec.priority) ?? Infinity },
            deniesRest: end !== -1,
        },
    ];
}

function isForAll(rule: Fields): boolean {
    return !has(rule, "ports") && !has(rule, "protocols") && coverEverything(networks(rule).map(([, cidr]) => cidr));
}

function networks({ to }: Fields): [path: string, cidr: string][] {
    return list(to).flatMap((peer, index) =>
        texts(fields(peer).networks).map((cidr, position): [string, string] => [
            `to[${index}].networks[${position}]`,
            cidr,
        ]),
    );
}

/** Peers are named in every rule. */
function readRule(path: string, rule: Fields): EgressRule {
    const ports = [...list(rule.ports).map(fields).map(readPort), ...list(rule.protocols).flatMap(readProtocol)];
    const peers = networks(rule).map(([at, cidr]) => ({ path: `${path}.${at}`, value: cidr, cidr, except: [] }));
    return { path: `${path}.to`, peers, ...(ports.length > 0 && { ports }) };
}

/** v1alpha1. */
function readPort({ portNumber, portRange, namedPort }: Fields): PolicyPort {
    const range = fields(portRange);
    return {
        number: number(fields(portNumber).port) ?? number(range.start),
        end: number(range.end),
        name: text(namedPort),
    };
}

/** v1alpha2: a protocol, with its port. */
function readProtocol(value: unknown): PolicyPort[] {
    return Object.values(fields(value)).map((protocol) => {
        const port = fields(fields(protocol).destinationPort);
        const range = fields(port.range);
        return { number: number(port.number) ?? number(range.start), end: number(range.end) };
    });
}

function selected({ namespaces, pods }: Fields): Pick<NetworkPolicy, "selections" | "namespace"> {
    const { namespaceSelector, podSelector } = fields(pods);
    const named = labelSelections(pods === undefined ? namespaces : namespaceSelector).map(
        (labels) => labels[NAMESPACE_NAME],
    );
    return { selections: labelSelections(podSelector), namespace: named.length === 1 ? named[0] : undefined };
}
