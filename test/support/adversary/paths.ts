import type { AnyObject } from "../../../lab/proof/cluster";

/** Path of all objects of the object's kind, in a namespace or in the whole cluster. */
export function collection({ apiVersion = "v1", kind = "" }: AnyObject, namespace?: string): string {
    const api = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    return `${api}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural(kind.toLowerCase())}`;
}

function plural(kind: string): string {
    return kind === "endpoints"
        ? kind
        : /(s|x|ch)$/.test(kind)
          ? `${kind}es`
          : /[^aeiou]y$/.test(kind)
            ? `${kind.slice(0, -1)}ies`
            : `${kind}s`;
}
