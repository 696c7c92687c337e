import { isIP } from "node:net";
import { overlaps, parseRange } from "../../shared/addressRange";
import { ADDON_NAMESPACE } from "../../mesh/meshAddon";
import { validateHost } from "../../shared/host";
import { specialRanges } from "../../shared/openRange";
import { Violation } from "../../shared/violation";
import { MESH_DEFAULTS } from "../../mesh/meshOptions";

/** Suffixes of names that resolve to this machine, its cluster or its cloud, and never to a partner. */
const INSIDE =
    /(^|\.)(localhost|localdomain|svc|cluster\.local)$|\.svc\.|^kubernetes\.default$|^metadata\.(google\.)?internal$/;

/** Default root namespaces of a mesh. A route does not know its own mesh's, but recognizes istiod by its name. */
const MESH_NAMESPACES = [MESH_DEFAULTS.namespace, ADDON_NAMESPACE];

/** Ports of the proxies themselves: admin, health, metrics, redirection and DNS. */
const PROXY_PORTS = { least: 15000, most: 15099 };

/**
 * Refuses hosts that are services of the cluster: calls to them do not leave the cluster, and no partner has a
 * certificate for them.
 */
export function validateOutsideHosts(path: string, hosts: string[]): Violation[] {
    return hosts.flatMap((host, index) =>
        INSIDE.test(plainName(host))
            ? [
                  {
                      path: `${path}[${index}]`,
                      value: host,
                      problem:
                          "is a name of the cluster or of this machine, and an egress route is for calls that leave the cluster",
                      expected: 'the partner\'s DNS name, such as "api.partner.example"',
                      fix: "Write the name in the partner's certificate. To reach a server in the cluster under that name, set `address` to its service",
                  },
              ]
            : [],
    );
}

/**
 * Refuses addresses that are not a partner's: the gateway would dial itself, its node, its cluster or its cloud on
 * behalf of callers.
 */
export function validateAddress(path: string, address: string | undefined, own: (string | undefined)[]): Violation[] {
    if (address === undefined) {
        return [];
    }
    const violation = (problem: string, fix: string): Violation[] => [
        { path, value: address, problem, expected: "the partner's DNS name or IP address", fix },
    ];
    const bare = address.replace(/^\[(.*)\]$/, "$1");
    if (isIP(bare) !== 0) {
        const range = parseRange(`${bare}/${isIP(bare) === 4 ? 32 : 128}`);
        const special = specialRanges("unspecified", "loopback", "linkLocal", "platform", "multicast", "embedded");
        if (bare !== address) {
            return violation("has brackets, which are for URLs only", `Write ${JSON.stringify(bare)}`);
        }
        return range === undefined || special.some((one) => overlaps(parseRange(one)!, range))
            ? violation(
                  "is an address of this machine, its local network link or its cloud, which the gateway would call on behalf of its callers",
                  "Write the partner's own address, or remove it to dial the host",
              )
            : [];
    }
    const port = /^(?:.*:\/\/)?\[?([^/\]]*?)\]?:(\d+)\/?$/.exec(address);
    if (port) {
        return violation("has a port", `Write ${JSON.stringify(port[1])} and set \`port: ${port[2]}\``);
    }
    const name = plainName(address);
    // Resolvers accept 127.1 and 0x7f000001 as addresses. No public name ends with a number.
    if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) {
        return violation(
            "ends with a number, which resolvers read as a shortened IP address",
            "Write the address in full",
        );
    }
    const [, namespace] = /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(name) ?? [];
    // The resolver appends the cluster's domain to a short name.
    const [, shortNamespace] = /^[^.]+\.([^.]+)$/.exec(name) ?? [];
    const forbidden = ["default", "kube-system", "kube-public", "kube-node-lease", ...MESH_NAMESPACES, ...own];
    const isForbidden =
        forbidden.includes(namespace ?? shortNamespace) || /^istiod(-[^.]*)?\.[^.]+(\.svc|$)/.test(name);
    if (isForbidden || (namespace === undefined && INSIDE.test(name))) {
        return violation(
            "is a name of the cluster or of this machine, which the gateway would call on behalf of its callers",
            "Write the partner's own address, or remove it to dial the host",
        );
    }
    return validateHost(path, address);
}

/** Refuses the proxies' own ports. */
export function validateTargetPort(path: string, port: number | undefined): Violation[] {
    return port === undefined || !(port >= PROXY_PORTS.least && port <= PROXY_PORTS.most)
        ? []
        : [
              {
                  path,
                  value: port,
                  problem: "is one of the proxies' own ports, through which they are controlled and monitored",
                  expected: `a port outside ${PROXY_PORTS.least} to ${PROXY_PORTS.most}`,
                  fix: "Ask the partner for another port",
              },
          ];
}

/** The name in lower case and without a trailing dot, as DNS compares names. */
function plainName(host: string): string {
    return host.toLowerCase().replace(/\.+$/, "");
}
