import { WILDCARD_VERSIONS, isWildcardVersion, minorVersion } from "../../../mesh/istioVersions";
import { validateHosts } from "../../../shared/host";
import { Violation } from "../../../shared/violation";
import { isWildcard, validateWildcard } from "../../../shared/wildcard";
import { traits } from "../modes";
import { RouteOptions } from "../route";
import { DNS_LOOKUP_FAMILY } from "./dnsCache";

/** What keeps the hosts of a route, wildcards among them, from being routed. */
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

/** Why a mode does not take wildcards. */
const UNSAFE: Partial<Record<RouteOptions["mode"], string>> = {
    passthrough:
        "cannot be called through passthrough: the gateway checks the name in the mesh's TLS only, and the application's own TLS could name any other host",
    sidecarMutualTls:
        "cannot be called with mode sidecarMutualTls: workloads that its selector leaves out would send plaintext to every name below it",
};

function validateWildcardRoute(route: RouteOptions, path: string, host: string): Violation[] {
    const { mode } = route;
    if (!TAKES.includes(mode)) {
        return [
            {
                path,
                value: host,
                problem: UNSAFE[mode] ?? `cannot be called with mode ${mode}`,
                expected: `a mode that takes wildcards: ${TAKES.join(", ")}`,
                fix: "List the hosts one by one, or choose one of those modes",
            },
        ];
    }
    const violations: Violation[] = [];
    if (route.hosts.length > 1) {
        violations.push({
            path,
            value: host,
            problem: "is not the only host of its route, and Istio resolves it in another way than the others",
            expected: "a route for each wildcard",
            fix: "Make a route of its own for it; a host below it that has another route keeps that one",
        });
    }
    const dialled = mode === "http" ? 80 : 443;
    if (route.port !== undefined && route.port !== dialled) {
        violations.push({
            path: "port",
            value: route.port,
            problem: "cannot be set for a wildcard: the proxy dials the default port of each name it resolves",
            expected: String(dialled),
            fix: "Leave port out, or list the hosts one by one",
        });
    }
    if (route.serviceName !== undefined) {
        violations.push({
            path: "serviceName",
            value: route.serviceName,
            problem: "stands for one host, and a wildcard is many",
            expected: "no serviceName with a wildcard",
            fix: "Leave serviceName out, or make a route for the host that the service stands for",
        });
    }
    if (route.credentialCallers !== undefined) {
        violations.push({
            path: "credentials",
            problem: "cannot be used with a wildcard: Istio makes one cluster without subsets for all of its hosts",
            expected: "one credential for all callers",
            fix: "Pass credential, or list the hosts one by one",
        });
    }
    return [...violations, ...validatePorts(route)];
}

/** Envoy resolves a wildcard's hosts by the HTTP request; TLS by its unchecked server name is off in Istio, TCP has no name. */
function validatePorts({ mode, ports }: RouteOptions): Violation[] {
    if (mode !== "direct") {
        return [];
    }
    if (ports === undefined) {
        return [
            {
                path: "ports",
                problem: "is missing, and the default has a port for TLS, where Istio resolves no wildcard",
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
                      fix: "List the hosts one by one for other ports",
                  },
              ],
    );
}

/** What only the gateway and the deferred arguments say of themselves. */
export interface WildcardContext {
    /** Version of Istio at the gateway; empty or undefined where it is not known. */
    istioVersion?: string;
    /** IP families of the gateway's pods. */
    ipFamilies?: string;
    /** Where to dial instead of the host. */
    address?: string;
}

/** What keeps a wildcard from working at this gateway. */
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
            fix: "Leave address out, or list the hosts one by one",
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
                ? `is not a version with which wildcards (${host}) were tested, and they depend on internals of Istio`
                : `is not known, and wildcards (${host}) depend on internals of Istio`,
            expected: `one of ${supported}`,
            fix:
                known && minorVersion(istioVersion) !== undefined
                    ? "List the hosts one by one, or use a tested version of Istio"
                    : `Pin the mesh's version, or set istioVersion of the mesh that you pass to EgressGateway, to one of ${supported}`,
        });
    }
    return violations;
}
