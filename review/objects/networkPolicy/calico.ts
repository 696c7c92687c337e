import { coverEverything } from "../../addresses";
import { Fields, fields, has, list, number, text, texts } from "../../fields";
import { RawObject, objectRef } from "../../rawObject";
import { EgressRule, NetworkPolicy, OutsidePeer, PolicyPort } from "./networkPolicy";
import { alternatives } from "./selector";

const TERM = /^\s*([\w./-]+)\s*(?:==\s*(['"])(.*?)\2|in\s*\{([^}]*)\})\s*$/;
const NAMESPACE_NAMES = ["kubernetes.io/metadata.name", "projectcalico.org/name"];
const NAMESPACE_LABEL = "projectcalico.org/namespace";

/** Calico's NetworkPolicy and GlobalNetworkPolicy. Staged policies enforce nothing. */
export function readCalicoPolicy(object: RawObject): NetworkPolicy {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const types = texts(spec.types);
    const rules = types.length > 0 && !types.includes("Egress") ? [] : list(spec.egress).map(fields);
    const end = rules.findIndex((rule) => rule.action === "Deny" && isForAll(rule));
    const heard = end === -1 ? rules : rules.slice(0, end);
    const { namespace, selections } = selected(object, text(spec.selector) ?? "all()", text(spec.namespaceSelector));
    return {
        ref,
        selections,
        namespace,
        egress: heard.flatMap((rule, index) =>
            rule.action === "Allow" ? [readRule(`spec.egress[${index}]`, rule)] : [],
        ),
        order: { family: `calico ${text(spec.tier) ?? "default"}`, position: number(spec.order) ?? Infinity },
        deniesRest: end !== -1,
    };
}

function isForAll(rule: Fields): boolean {
    const conditions = Object.keys(rule).filter((key) => !["action", "destination", "metadata"].includes(key));
    const destination = fields(rule.destination);
    const named = Object.keys(destination);
    const isAll = named.length === 0 || (named.length === 1 && coverEverything(texts(destination.nets)));
    return conditions.length === 0 && isAll;
}

function readRule(path: string, rule: Fields): EgressRule {
    const destination = fields(rule.destination);
    const at = `${path}.destination`;
    const ports = list(destination.ports).map(readPort);
    const own = ports.length > 0 && { ports };
    // These ask for what only endpoints of the cluster and network sets have.
    const isInside = ["selector", "namespaceSelector", "serviceAccounts", "services"].some((name) =>
        has(destination, name),
    );
    const except = texts(destination.notNets);
    const ranges = texts(destination.nets);
    const domains = texts(destination.domains);
    if (isInside || ranges.length > 0 || domains.length > 0) {
        const byRange = ranges.map((cidr, index) => ({ path: `${at}.nets[${index}]`, value: cidr, cidr, except }));
        const byName = domains.flatMap((value, index) =>
            /^[*.]+$/.test(value) ? [{ path: `${at}.domains[${index}]`, value, except: [] }] : [],
        );
        return { path: at, peers: isInside ? [] : [...byRange, ...byName], ...own };
    }
    const rest: OutsidePeer[] = ["0.0.0.0/0", "::/0"].map((cidr) => ({
        path: `${at}.notNets`,
        value: cidr,
        cidr,
        except,
    }));
    return { path: at, ...(except.length > 0 && { peers: rest }), ...own };
}

/** A number, a range such as `1:1024`, or a name. */
function readPort(value: unknown): PolicyPort {
    const [first, last] = String(value).split(":");
    return /^\d+$/.test(first)
        ? { number: Number(first), ...(last !== undefined && { end: Number(last) }) }
        : { name: String(value) };
}

/** The conditions of a selector that is a conjunction; anything else in it only narrows it, but for an "or". */
function selected(
    object: RawObject,
    selector: string,
    namespaceSelector: string | undefined,
): Pick<NetworkPolicy, "selections" | "namespace"> {
    const own = conditions(selector);
    const named = [
        ...own.filter(([key]) => key === NAMESPACE_LABEL),
        ...conditions(namespaceSelector ?? "").filter(([key]) => NAMESPACE_NAMES.includes(key)),
    ].flatMap(([, values]) => (values.length === 1 ? values : []));
    return {
        selections: alternatives(own.filter(([key]) => key !== NAMESPACE_LABEL)),
        namespace: object.kind === "NetworkPolicy" ? objectRef(object).namespace : named[0],
    };
}

function conditions(selector: string): [string, string[]][] {
    if (selector.includes("||")) {
        return [];
    }
    return selector.split("&&").flatMap((term): [string, string[]][] => {
        const [, key, , value, all] = TERM.exec(term) ?? [];
        if (key === undefined) {
            return [];
        }
        return [[key, value === undefined ? all.split(",").map((one) => one.trim().slice(1, -1)) : [value]]];
    });
}
