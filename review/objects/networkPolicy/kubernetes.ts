import { Fields, fields, list, number, text, texts } from "../../fields";
import { RawObject, objectRef } from "../../rawObject";
import { EgressRule, NetworkPolicy, OutsidePeer, PolicyPort } from "./networkPolicy";
import { labelSelections } from "./selector";

/** Kubernetes' own NetworkPolicy. */
export function readKubernetesPolicy(object: RawObject): NetworkPolicy {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const types = texts(spec.policyTypes);
    return {
        ref,
        selections: labelSelections(spec.podSelector),
        namespace: ref.namespace,
        egress: types.length > 0 && !types.includes("Egress") ? [] : readRules(spec.egress),
        deniesRest: false,
    };
}

function readRules(egress: unknown): EgressRule[] {
    return list(egress).flatMap((value, index) => {
        // A value that a preview does not know yet may be any rule.
        if (typeof value !== "object" || value === null) {
            return [];
        }
        const { to, ports } = fields(value);
        const path = `spec.egress[${index}].to`;
        const isOpen = to === undefined || to === null || (Array.isArray(to) && to.length === 0);
        const all = list(ports).map(fields).map(readPort);
        return [{ path, ...(!isOpen && { peers: readPeers(path, to) }), ...(all.length > 0 && { ports: all }) }];
    });
}

function readPort({ port, endPort }: Fields): PolicyPort {
    return { number: number(port), end: number(endPort), name: text(port) };
}

function readPeers(path: string, to: unknown): OutsidePeer[] {
    return list(to).flatMap((peer, index) => {
        const { cidr, except } = fields(fields(peer).ipBlock);
        const value = text(cidr);
        // A value that a preview does not know yet may be any list.
        const isListed = except === undefined || except === null || Array.isArray(except);
        return value !== undefined && isListed
            ? [{ path: `${path}[${index}].ipBlock.cidr`, value, cidr: value, except: texts(except) }]
            : [];
    });
}
