import { Fields, fields, list } from "../fields";
import { meantGateways } from "../mesh/policyScope";
import { Mesh } from "../mesh/mesh";
import { AuthorizationPolicy } from "../objects/authorizationPolicy";
import { servedRoutes } from "../objects/gateway";
import { Rule, finding } from "../rule";

const TCP_SOURCES = ["principals", "namespaces", "ipBlocks", "remoteIpBlocks", "serviceAccounts"];

/** Silent where the set shows that only gateways with HTTP servers are meant. */
export const denyHttpAttributes: Rule = {
    id: "deny-http-attributes",
    title: "A DENY rule has only HTTP attributes, and may apply to TCP ports.",
    why: "On a TCP port, Istio ignores the HTTP attributes of a DENY rule, and the rest denies every call.",
    severity: "advisory",
    find: (mesh) =>
        mesh.authorizationPolicies
            .filter((policy) => policy.action === "DENY" && !isHttpOnly(mesh, policy))
            .flatMap((policy) =>
                policy.rules.flatMap((rule, index) =>
                    asksForHttpOnly(rule)
                        ? [
                              finding(policy, {
                                  path: `spec.rules[${index}]`,
                                  problem: "has only HTTP attributes, so it denies every call to a TCP port",
                                  expected: "the ports that the rule is for",
                                  fix: "Add the HTTP ports to to[].operation.ports",
                              }),
                          ]
                        : [],
                ),
            ),
};

/** As istiod's webhook judges it. */
function asksForHttpOnly(rule: Fields): boolean {
    const sources = list(rule.from).map((from) => fields(fields(from).source));
    const operations = list(rule.to).map((to) => fields(fields(to).operation));
    const hasTcpSource = sources.some((source) => names(TCP_SOURCES).some((name) => source[name] !== undefined));
    const hasPorts = operations.some((operation) => names(["ports"]).some((name) => operation[name] !== undefined));
    return (sources.length > 0 && operations.length === 0 && !hasTcpSource) || (operations.length > 0 && !hasPorts);
}

/** With the negated ones: `ports` and `notPorts`. */
function names(own: string[]): string[] {
    return own.flatMap((name) => [name, `not${name[0].toUpperCase()}${name.slice(1)}`]);
}

function isHttpOnly(mesh: Mesh, policy: AuthorizationPolicy): boolean {
    const servers = meantGateways(mesh, policy).flatMap((gateway) => gateway.servers);
    return servers.length > 0 && servers.every((server) => servedRoutes(server) === "http");
}
