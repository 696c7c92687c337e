import { isIP } from "node:net";
import { Violation } from "./violation";

/** RFC 1035, section 2.3.4. */
const MAX_HOST_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

const EXAMPLE = 'a lower-case DNS name such as "api.partner.example"';

/** What keeps `hosts` from being the hosts of one route or server. `otherwise` judges what is more than a name. */
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
                    problem: `is already ${path}[${first}]`,
                    expected: "each host once",
                    fix: "Remove one of the two",
                },
            ];
        }
        return otherwise(`${path}[${index}]`, host) ?? validateHost(`${path}[${index}]`, host);
    });
}

/** Hosts, and the proxies that hold them: those of some namespaces, or the gateway's. */
export interface HostClaim {
    hosts: string[];
    scopes: string[];
}

/** Hosts that a proxy would see two routes for: Istio would merge or drop their objects silently. */
export function validateSharedHosts(routes: (HostClaim & { path: string })[]): Violation[] {
    const claims = new HostClaims();
    return routes.flatMap(({ path, ...claim }) =>
        claims.claim(`${path}.hosts`, claim, (index) => `${path}.hosts[${index}]`),
    );
}

/** Who has claimed which host, and where. */
export class HostClaims {
    private readonly owners = new Map<string, string>();

    /** Claims the hosts that are free in all scopes, and refuses the others. `owner` names a host's claimant. */
    claim(path: string, { hosts, scopes }: HostClaim, owner: (index: number) => string): Violation[] {
        return hosts.flatMap((host, index) => {
            const keys = scopes.map((scope) => `${scope} ${host}`);
            const other = keys.map((key) => this.owners.get(key)).find((one) => one !== undefined);
            // Twice in one route is that route's own violation.
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

/** The violation of a host that another route has. `owner` names that route for the reader. */
function sharedHost(path: string, host: string, owner: string): Violation {
    return {
        path,
        value: host,
        problem: `is already routed by ${owner}, and Istio would apply only one of the two without saying which`,
        expected: "one route for a host",
        fix: "Put the callers of both into one route, or remove the host from one of them",
    };
}

/** What keeps `host` from being a name that TLS can be originated for. */
export function validateHost(path: string, host: string): Violation[] {
    const reason = reasonAgainst(host);
    return reason ? [{ path, value: host, ...reason }] : [];
}

function reasonAgainst(host: string): Omit<Violation, "path" | "value"> | undefined {
    if (host === "") {
        return { problem: "is empty", expected: EXAMPLE, fix: "Give the host, or remove the entry" };
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
            problem: "is a wildcard, and only a route's hosts may be one",
            expected: EXAMPLE,
            fix: "List the hosts one by one",
        };
    }
    if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) {
        return {
            problem: "is an IP address, and neither SNI nor a certificate's DNS name can be checked against one",
            expected: EXAMPLE,
            fix: "Give the name in the server's certificate as the host, and the IP address as `address`",
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
            problem: "has upper-case letters, which Kubernetes and Envoy compare as other names",
            expected: EXAMPLE,
            fix: `Write ${JSON.stringify(host.toLowerCase())}`,
        };
    }
    if (host.endsWith(".")) {
        return {
            problem: "ends with a dot, which no certificate does",
            expected: EXAMPLE,
            fix: `Write ${JSON.stringify(host.slice(0, -1))}`,
        };
    }
    if (host.length > MAX_HOST_LENGTH) {
        return {
            problem: `has ${host.length} characters`,
            expected: `at most ${MAX_HOST_LENGTH} characters`,
            fix: "Check the name with the partner; DNS has no longer ones",
        };
    }
    const labels = host.split(".");
    const bad = labels.find((label) => label.length > MAX_LABEL_LENGTH || !LABEL.test(label));
    if (bad !== undefined) {
        return {
            problem: `is not a DNS name: the part ${JSON.stringify(bad)} is not a label`,
            expected: `${EXAMPLE}: labels of 1 to ${MAX_LABEL_LENGTH} letters, digits and inner hyphens`,
            fix: "Correct that part; write international names in their xn-- form",
        };
    }
    if (labels.length === 1) {
        return {
            problem: "is a single label, which Istio completes to a service of the gateway's own namespace",
            expected: EXAMPLE,
            fix: "Give the fully qualified name",
        };
    }
    return undefined;
}
