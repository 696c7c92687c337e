import { WILDCARD_VERSIONS, isWildcardVersion, minorVersion } from "../../../mesh/istioVersions";
import { validateHosts } from "../../../shared/host";
import { Violation } from "../../../shared/violation";
import { isWildcard, validateWildcard } from "../../../shared/wildcard";
import { traits } from "../modes";
import { RouteOptions } from "../route";
import { DNS_LOOKUP_FAMILY } from "./dnsCache";
import { HTTPS_PORT, HTTP_PORT } from "../../../shared/ports";

/** Violations in the hosts of a route, including wildcards. */
export function validateRouteHosts(route: RouteOptions): Violation[] {
    const violations = validateHosts("hosts", route.hosts, (path, host) =>
        host.includes("*") ? validateWildcard(path, host, route.sharedDomain ?? false) : undefined,
    );
    const index = route.hosts.findIndex((host) => isWildcard(host));
    if (index >= 0 && violations.length === 0) {
        return validateWildcardRoute(route, `hosts[${index}]`, route.hosts[index]);
    }
    return route.sharedDomain === undefined || violations.length > 0
        ? violations
        : [
              ...violations,
              {
                  path: "sharedDomain",
                  value: route.sharedDomain,
                  problem: "has no effect without a wildcard host",
                  expected: "a wildcard in hosts",
                  fix: "Remove sharedDomain",
              },
          ];
}

const TAKES = ["mutualTls", "simpleTls", "http", "sidecarSimpleTls", "direct"];

/** Reasons why a mode does not accept wildcards. */
const UNSAFE: Partial<Record<RouteOptions["mode"], string>> = {
    passthrough:
        "cannot be called through passthrough: the gateway checks only the SNI of the mesh's TLS, and the application's own TLS could name any other host",
    sidecarMutualTls:
        "cannot be called with mode sidecarMutualTls: workloads that its selector does not match would send plaintext to every name below it",
};

function validateWildcardRoute(route: RouteOptions, path: string, host: string): Violation[] {
    const { mode } = route;
    if (!TAKES.includes(mode)) {
        return [
            {
                path,
                value: host,
                problem: UNSAFE[mode] ?? `cannot be called with mode ${mode}`,
                expected: `a mode that accepts wildcards: ${TAKES.join(", ")}`,
                fix: "List the hosts individually, or choose one of those modes",
            },
        ];
    }
    const violations: Violation[] = [];
    if (route.hosts.length > 1) {
        violations.push({
            path,
            value: host,
            problem: "is not the only host of its route, but Istio resolves wildcards differently from other hosts",
            expected: "a route for each wildcard",
            fix: "Create a separate route for it. A route for a host below the wildcard takes precedence",
        });
    }
    const dialled = mode === "http" ? HTTP_PORT : HTTPS_PORT;
    if (route.port !== undefined && route.port !== dialled) {
        violations.push({
            path: "port",
            value: route.port,
            problem: "cannot be set for a wildcard: the proxy dials the default port of each name it resolves",
            expected: String(dialled),
            fix: "Remove port, or list the hosts individually",
        });
    }
    if (route.serviceName !== undefined) {
        violations.push({
            path: "serviceName",
            value: route.serviceName,
            problem: "stands for one host, but a wildcard matches many",
            expected: "no serviceName with a wildcard",
            fix: "Remove serviceName, or create a route for the host that the service stands for",
        });
    }
    if (route.credentialCallers !== undefined) {
        violations.push({
            path: "credentials",
            problem: "cannot be used with a wildcard: Istio creates one cluster without subsets for all of its hosts",
            expected: "one credential for all callers",
            fix: "Pass credential, or list the hosts individually",
        });
    }
    return [...violations, ...validatePorts(route)];
}

/**
 * Envoy resolves a wildcard's hosts by the HTTP request. Istio does not enable resolution by an unchecked SNI, and
 * plain TCP has no name.
 */
function validatePorts({ mode, ports }: RouteOptions): Violation[] {
    if (mode !== "direct") {
        return [];
    }
    if (ports === undefined) {
        return [
            {
                path: "ports",
                problem: "is missing, and the default includes a TLS port, for which Istio does not resolve wildcards",
                expected: "ports with protocol http",
                fix: 'Write ports: [{ number: 80, protocol: "http" }]',
            },
        ];
    }
    return ports.flatMap(({ number, protocol }, index) =>
        protocol === "http" && number === 80
            ? []
            : [
                  {
                      path: `ports[${index}]`,
                      value: `${protocol} ${number}`,
                      problem:
                          "cannot be used with a wildcard: the sidecar resolves its hosts by the HTTP request on port 80",
                      expected: "http on port 80",
                      fix: "For other ports, list the hosts individually",
                  },
              ],
    );
}

/** Properties of the gateway and the deferred arguments, known only once these are. */
export interface WildcardContext {
    /** Version of Istio at the gateway. Empty or undefined if it is not known. */
    istioVersion?: string;
    /** IP families of the gateway's pods. */
    ipFamilies?: string;
    /** Address to dial instead of the host. */
    address?: string;
}

/** Violations that keep a wildcard from working at this gateway. */
export function validateWildcardContext(
    route: RouteOptions,
    { istioVersion, ipFamilies, address }: WildcardContext,
): Violation[] {
    const host = route.hosts.find(isWildcard);
    if (host === undefined) {
        return [];
    }
    const violations: Violation[] = [];
    if (address !== undefined) {
        violations.push({
            path: "address",
            value: address,
            problem: "would be ignored: the proxy dials the address of each name below the wildcard",
            expected: "no address with a wildcard",
            fix: "Remove address, or list the hosts individually",
        });
    }
    if (ipFamilies !== undefined && !Object.hasOwn(DNS_LOOKUP_FAMILY, ipFamilies)) {
        violations.push({
            path: "gateway.ipFamilies",
            value: ipFamilies,
            problem: `is not an allowed value, and the gateway looks up the names below ${host} by it`,
            expected: `one of ${Object.keys(DNS_LOOKUP_FAMILY).join(", ")}`,
            fix: "Leave it out for IPv4",
        });
    }
    const supported = WILDCARD_VERSIONS.map((version) => `${version}.x`).join(", ");
    if (traits(route.mode).throughGateway && !isWildcardVersion(istioVersion ?? "")) {
        const known = istioVersion !== undefined && istioVersion !== "";
        violations.push({
            path: "gateway.istioVersion",
            ...(known && { value: istioVersion }),
            problem: known
                ? `is not a version with which wildcards (${host}) were tested, and they depend on Istio internals`
                : `is not known, and wildcards (${host}) depend on Istio internals`,
            expected: `one of ${supported}`,
            fix:
                known && minorVersion(istioVersion) !== undefined
                    ? "List the hosts individually, or use a tested version of Istio"
                    : `Pin the mesh's version, or set istioVersion of the mesh that you pass to EgressGateway, to one of ${supported}`,
        });
    }
    return violations;
}
