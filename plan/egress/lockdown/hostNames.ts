import { optional } from "./admission";

/*
 * Names of hosts as Istio compares them: without regard to case and to a dot at the end, and with a wildcard that stands
 * for the beginning of a name, with or without a dot after it (`host.Name.Matches` of istio.io/istio/pkg/config/host).
 */

/** CEL list of the names, each in one spelling. */
export function normalized(list: string): string {
    return `${list}.map(h, h.lowerAscii()).map(h, h.endsWith(".") ? h.substring(0, h.size() - 1) : h)`;
}

/** Names that an object claims: `host` of a DestinationRule, `hosts` of the others. */
export const CLAIMED_NAMES = normalized(
    `(has(variables.spec.host) ? [variables.spec.host] : ${optional("variables.spec", "hosts", "[]")})`,
);

/** CEL: whether two names, `h` and `o`, have a host in common. A wildcard elsewhere than at the beginning is taken for any. */
export const OVERLAP =
    'h == o || h.lastIndexOf("*") > 0 || h.startsWith("*") && o.endsWith(h.substring(1)) || ' +
    'o.startsWith("*") && h.endsWith(o.substring(1))';

/**
 * CEL: whether a VirtualService says anything of calls inside the mesh or at a gateway of the namespace. No gateways are
 * the mesh. The rest are `namespace/name`, or in the old form a name or a host (`resolveGatewayName` of istio.io/istio).
 */
export function concernsMeshOr(namespace: string): string {
    const prefix = JSON.stringify(`${namespace}/`);
    const own = JSON.stringify(namespace);
    return (
        `!has(variables.spec.gateways) || variables.spec.gateways.size() == 0 || variables.spec.gateways.exists(g, ` +
        `g.contains("/") ? g.startsWith(${prefix}) : g.contains(".") ? g.split(".")[1] == ${own} : g == "mesh")`
    );
}
