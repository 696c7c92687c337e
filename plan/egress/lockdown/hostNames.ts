import { optional } from "./admission";

/*
 * Host names compared as in Istio: ignoring case and a trailing dot. A wildcard stands for the beginning of a name,
 * with or without a dot after it (`host.Name.Matches` of istio.io/istio/pkg/config/host).
 */

/** CEL list of the names in their normalized spelling. */
export function normalized(list: string): string {
    return `${list}.map(h, h.lowerAscii()).map(h, h.endsWith(".") ? h.substring(0, h.size() - 1) : h)`;
}

/** Host names of an object: `host` of a DestinationRule, `hosts` of the other kinds. */
export const CLAIMED_NAMES = normalized(
    `(has(variables.spec.host) ? [variables.spec.host] : ${optional("variables.spec", "hosts", "[]")})`,
);

/**
 * CEL: whether the names `h` and `o` have a host in common. A name with a wildcard that is not at its beginning matches
 * every host.
 */
export const OVERLAP =
    'h == o || h.lastIndexOf("*") > 0 || h.startsWith("*") && o.endsWith(h.substring(1)) || ' +
    'o.startsWith("*") && h.endsWith(o.substring(1))';

/**
 * CEL: whether a VirtualService applies to calls inside the mesh or to a gateway of the namespace. No gateways means
 * the mesh. Entries are `namespace/name`, or in the old form a name or a host (`resolveGatewayName` of istio.io/istio).
 */
export function concernsMeshOr(namespace: string): string {
    const prefix = JSON.stringify(`${namespace}/`);
    const own = JSON.stringify(namespace);
    return (
        `!has(variables.spec.gateways) || variables.spec.gateways.size() == 0 || variables.spec.gateways.exists(g, ` +
        `g.contains("/") ? g.startsWith(${prefix}) : g.contains(".") ? g.split(".")[1] == ${own} : g == "mesh")`
    );
}
