import { fields, list } from "../../review/fields";
import { groupOf } from "../../review/objects/kinds";
import { RawObject } from "../../review/rawObject";

const TEMPLATE = /\{\{.*\}\}/s;
const ROUTING = /(^|\.)(istio\.io|gateway\.networking\.k8s\.io)$/;
const VARIABLE = /\$\{\w+[^}]*\}|\$\(\w+\)/;

/** What a name or host of an object waits for: a template engine, or the value of a variable. */
export interface Placeholder {
    path: string;
    value: string;
    isTemplate: boolean;
}

/** The first name or host of an object that is a placeholder: no cluster has such a one, so there is nothing to judge yet. */
export function placeholderIn(object: RawObject): Placeholder | undefined {
    const { name, namespace } = fields(object.metadata);
    return placeholder("metadata.name", name) ?? placeholder("metadata.namespace", namespace) ?? hostIn(object);
}

function hostIn(object: RawObject): Placeholder | undefined {
    if (!ROUTING.test(groupOf(object))) {
        return undefined;
    }
    const { host, hosts, hostnames, servers } = fields(object.spec);
    return (
        placeholder("spec.host", host) ??
        first("spec.hosts", hosts) ??
        first("spec.hostnames", hostnames) ??
        list(servers)
            .map((server, index) => first(`spec.servers[${index}].hosts`, fields(server).hosts))
            .find((found) => found !== undefined)
    );
}

function first(path: string, values: unknown): Placeholder | undefined {
    const all = list(values);
    const index = all.findIndex((value) => placeholder("", value) !== undefined);
    return index < 0 ? undefined : placeholder(`${path}[${index}]`, all[index]);
}

function placeholder(path: string, value: unknown): Placeholder | undefined {
    // Nearly all have neither sign.
    if (typeof value !== "string" || !(value.includes("{") || value.includes("$("))) {
        return undefined;
    }
    const isTemplate = TEMPLATE.test(value);
    return isTemplate || VARIABLE.test(value) ? { path, value, isTemplate } : undefined;
}
