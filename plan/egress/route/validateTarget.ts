import { isIP } from "node:net";
import { overlaps, parseRange } from "../../shared/addressRange";
import { ADDON_NAMESPACE } from "../../mesh/meshAddon";
import { CLUSTER_NAMESPACES } from "../../shared/clusterNamespaces";
import { validateDisguisedHost } from "../../shared/disguisedHost";
import { endsWithNumber, validateHost } from "../../shared/host";
import { specialRanges } from "../../shared/openRange";
import { Violation } from "../../shared/violation";
import { MESH_DEFAULTS } from "../../mesh/meshOptions";

/** Suffixes of names that resolve to this machine, its cluster or its cloud, and never to a partner. */
const INSIDE = [
    /(^|\.)(localhost|localdomain|svc|cluster\.local)$/,
    /\.svc\./,
    /^kubernetes\.default$/,
    // A pod, by its address.
    /^[0-9a-f-]+\.[^.]+\.pod(\.|$)/,
    // The metadata services of clouds, and the machine around a container.
    /^(metadata|instance-data)\.((google|azure|ec2)\.)?internal$/,
    /^[^.]+\.(docker|containers|minikube|lima|orb)\.internal$/,
];

/** A name that each wildcard of clouds and machines covers, to compare wildcards with `INSIDE`. */
const COVERED = ["metadata", "host"];

/**
 * Namespaces of the cluster itself and of the mesh. A route does not know its own mesh's, but recognizes istiod by its
 * name.
 */
const INSIDE_NAMESPACES: (string | undefined)[] = [
    "default",
    ...CLUSTER_NAMESPACES,
    MESH_DEFAULTS.namespace,
    ADDON_NAMESPACE,
];

/** A service's name with its namespace and `svc`, in any cluster domain. */
const IS_SERVICE = /^[^.]+\.([^.]+)\.svc(\.|$)/;

/** Ports of the proxies themselves: admin, health, metrics, redirection and DNS. */
const PROXY_PORTS = { least: 15000, most: 15099 };

/**
 * Refuses hosts that are services of the cluster: calls to them do not leave the cluster, and no partner has a
 * certificate for them.
 */
export function validateOutsideHosts(path: string, hosts: string[]): Violation[] {
    return hosts.flatMap((host, index) =>
        isInside(host) || INSIDE_NAMESPACES.includes(serviceNamespace(host))
            ? insideHost(`${path}[${index}]`, host)
            : [],
    );
}

/** Refuses hosts that are also the short name, `service.namespace`, of a service in one of the namespaces. */
export function validateShortHosts(path: string, hosts: string[], namespaces: string[]): Violation[] {
    return hosts.flatMap((host, index) =>
        !isInside(host) && namespaces.includes(serviceNamespace(host) ?? "")
            ? insideHost(`${path}[${index}]`, host)
            : [],
    );
}

function insideHost(path: string, host: string): Violation[] {
    return [
        {
            path,
            value: host,
            problem:
                "is a name of the cluster or of this machine, and an egress route is for calls that leave the cluster",
            expected: 'the partner\'s DNS name, such as "api.partner.example"',
            fix: "Write the name in the partner's certificate. To reach a server in the cluster under that name, set `address` to its service",
        },
    ];
}

/**
 * Refuses addresses that are not a partner's: the gateway would dial itself, its node, its cluster or its cloud on
 * behalf of callers.
 */
export function validateAddress(
    path: string,
    address: string | undefined,
    own: (string | undefined)[],
    disguisedHosts = false,
): Violation[] {
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
    if (endsWithNumber(name)) {
        return violation(
            "ends with a number, which resolvers read as a shortened IP address",
            "Write the address in full",
        );
    }
    const isForbidden =
        [...INSIDE_NAMESPACES, ...own].includes(serviceNamespace(name)) ||
        /^istiod(-[^.]*)?\.[^.]+(\.svc|$)/.test(name);
    if (isForbidden || (!IS_SERVICE.test(name) && isInside(name))) {
        return violation(
            "is a name of the cluster or of this machine, which the gateway would call on behalf of its callers",
            "Write the partner's own address, or remove it to dial the host",
        );
    }
    const violations = validateHost(path, address);
    return violations.length > 0 || disguisedHosts ? violations : validateDisguisedHost(path, address);
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

/** Namespace of a service. The resolver appends the cluster's domain to names of two labels. Undefined for other names. */
export function serviceNamespace(host: string): string | undefined {
    const name = plainName(host);
    return (IS_SERVICE.exec(name) ?? /^[^.]+\.([^.]+)$/.exec(name))?.[1];
}

function isInside(host: string): boolean {
    const name = plainName(host);
    const names = name.startsWith("*.") ? COVERED.map((label) => name.replace("*", label)) : [name];
    return names.some((one) => INSIDE.some((pattern) => pattern.test(one)));
}

/** The name in lower case and without a trailing dot, as DNS compares names. */
function plainName(host: string): string {
    return host.toLowerCase().replace(/\.+$/, "");
}
