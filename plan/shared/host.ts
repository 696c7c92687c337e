import { isIP } from "node:net";
import { shown } from "./shownValue";
import { Violation } from "./violation";

/** RFC 1035, section 2.3.4. */
const MAX_HOST_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

const EXAMPLE = 'a lower-case DNS name such as "api.partner.example"';

/** Violations in the hosts of one route or server. `otherwise` checks entries that are not plain names. */
export function validateHosts(
    path: string,
    hosts: string[],
    otherwise: (path: string, host: string) => Violation[] | undefined = () => undefined,
): Violation[] {
    if (hosts.length === 0) {
        return [
            {
                path,
                problem: "the list is empty",
                expected: `at least one host, ${EXAMPLE}`,
                fix: "List the hosts by name",
            },
        ];
    }
    return hosts.flatMap((host, index) => {
        const first = hosts.indexOf(host);
        if (first !== index) {
            return [
                {
                    path: `${path}[${index}]`,
                    value: host,
                    problem: `is the same as ${path}[${first}]`,
                    expected: "each host once",
                    fix: "Remove one of the two",
                },
            ];
        }
        return otherwise(`${path}[${index}]`, host) ?? validateHost(`${path}[${index}]`, host);
    });
}

/** Hosts, and the proxies that know them: those of some namespaces, or the gateway's. */
export interface HostClaim {
    hosts: string[];
    scopes: string[];
}

/** Refuses hosts for which a proxy would have two routes: Istio would silently merge or drop their objects. */
export function validateSharedHosts(routes: (HostClaim & { path: string })[]): Violation[] {
    const claims = new HostClaims();
    return routes.flatMap(({ path, ...claim }) =>
        claims.claim(`${path}.hosts`, claim, (index) => `${path}.hosts[${index}]`),
    );
}

/** The claimed hosts, each with its owner and scope. */
export class HostClaims {
    private readonly owners = new Map<string, string>();

    /** Claims the hosts that are free in all scopes, and refuses the others. `owner` names the claiming route. */
    claim(path: string, { hosts, scopes }: HostClaim, owner: (index: number) => string): Violation[] {
        return hosts.flatMap((host, index) => {
            const keys = scopes.map((scope) => `${scope} ${host}`);
            const other = keys.map((key) => this.owners.get(key)).find((one) => one !== undefined);
            // A duplicate within one route is reported by that route.
            if (hosts.indexOf(host) !== index) {
                return [];
            }
            if (other !== undefined) {
                return [sharedHost(`${path}[${index}]`, host, other)];
            }
            keys.forEach((key) => this.owners.set(key, owner(index)));
            return [];
        });
    }
}

/** The violation for a host that another route has. `owner` names that route in the message. */
function sharedHost(path: string, host: string, owner: string): Violation {
    return {
        path,
        value: host,
        problem: `already belongs to ${owner}, and Istio would silently apply only one of the two`,
        expected: "one route per host",
        fix: "Merge the callers of both into one route, or remove the host from one of them",
    };
}

/** Whether resolvers read the name as an address, such as `127.1` and `0x7f000001`. No public name ends with a number. */
export function endsWithNumber(host: string): boolean {
    return /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(host);
}

/** Violations that keep `host` from being a name for which TLS can be originated. */
export function validateHost(path: string, host: string): Violation[] {
    const reason = reasonAgainst(host);
    return reason ? [{ path, value: host, ...reason }] : [];
}

function reasonAgainst(host: string): Omit<Violation, "path" | "value"> | undefined {
    if (host === "") {
        return { problem: "is empty", expected: EXAMPLE, fix: "Write the host, or remove the entry" };
    }
    if (host.includes("://") || host.includes("/")) {
        const name = host.replace(/^[a-z0-9+.-]*:\/\//i, "").split(/[/:?#]/)[0];
        return {
            problem: "is a URL or a path, not a host",
            expected: EXAMPLE,
            fix: name ? `Write ${JSON.stringify(name.toLowerCase())}` : "Write only the host",
        };
    }
    if (host.includes("*")) {
        return {
            problem: "is a wildcard, and only the hosts of a route may have wildcards",
            expected: EXAMPLE,
            fix: "List the hosts individually",
        };
    }
    if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) {
        return {
            problem: "is an IP address, but SNI and the DNS names in certificates need a host name",
            expected: EXAMPLE,
            fix: "Write the name in the server's certificate as the host, and the IP address as `address`",
        };
    }
    if (endsWithNumber(host)) {
        return {
            problem: "ends with a number, which resolvers read as a shortened IP address",
            expected: EXAMPLE,
            fix: "Write the name in the server's certificate",
        };
    }
    const port = /^(.*):(\d+)$/.exec(host);
    if (port) {
        return {
            problem: "has a port",
            expected: EXAMPLE,
            fix: `Write ${JSON.stringify(port[1])} and set \`port: ${port[2]}\``,
        };
    }
    if (host !== host.toLowerCase()) {
        return {
            problem: "has upper-case letters, which Kubernetes and Envoy treat as different from lower-case ones",
            expected: EXAMPLE,
            fix: `Write ${JSON.stringify(host.toLowerCase())}`,
        };
    }
    if (host.endsWith(".")) {
        return {
            problem: "ends with a dot, which names in certificates never do",
            expected: EXAMPLE,
            fix: `Write ${JSON.stringify(host.slice(0, -1))}`,
        };
    }
    if (host.length > MAX_HOST_LENGTH) {
        return {
            problem: `has ${host.length} characters`,
            expected: `at most ${MAX_HOST_LENGTH} characters`,
            fix: "Check the name with the partner: DNS names cannot be longer",
        };
    }
    const labels = host.split(".");
    const bad = labels.find((label) => label.length > MAX_LABEL_LENGTH || !LABEL.test(label));
    if (bad !== undefined) {
        return {
            problem: `is not a DNS name: the part ${shown(bad)} is not a label`,
            expected: `${EXAMPLE}: labels of 1 to ${MAX_LABEL_LENGTH} letters, digits and inner hyphens`,
            fix: "Correct that part; write international names in their xn-- form",
        };
    }
    if (labels.length === 1) {
        return {
            problem: "is a single label, which Istio expands to a service in the gateway's own namespace",
            expected: EXAMPLE,
            fix: "Write the fully qualified name",
        };
    }
    return undefined;
}
