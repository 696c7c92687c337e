import { Fields, fields, list, text } from "../fields";
import { Mesh } from "../mesh/mesh";
import { meantGateways } from "../mesh/policyScope";
import { AuthorizationPolicy } from "../objects/authorizationPolicy";
import { GatewayServer, servedRoutes } from "../objects/gateway";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

const CALLER = ["principals", "namespaces", "serviceAccounts", "trustDomains"];
const REQUEST = ["requestPrincipals", "hosts", "methods", "paths"];
const CALLER_KEYS = /^source\.(principal|namespace|serviceAccount|trustDomain)$/;
const REQUEST_KEYS = /^request\./;
/** Modes in which the gateway sees a certificate of the caller. */
const KNOWN_CALLERS = ["ISTIO_MUTUAL", "MUTUAL", "OPTIONAL_MUTUAL"];

/** What a rule of a policy asks for. */
interface Attribute {
    path: string;
    isNegated: boolean;
}

/**
 * Advisory, because another file may have a Gateway for the same pods. Looks at policies that select a gateway's pods, and only where none of
 * the servers among the objects can see the attribute. Silent in an ambient mesh, where the tunnel to the gateway shows the caller.
 */
export const authorizationUnseen: Rule = {
    id: "authorization-unseen",
    title: "An AuthorizationPolicy of a gateway asks for what none of the gateway's servers can see.",
    why: "Servers that pass TLS through or speak plaintext do not know the caller, and TCP servers no request: the rule matches no call, or every call.",
    severity: "advisory",
    find: (mesh) =>
        mesh.namespaces.ambient().length > 0
            ? []
            : mesh.authorizationPolicies
                  .filter(({ selector, targets }) => selector !== undefined || targets.length > 0)
                  .flatMap((policy) => reviewPolicy(mesh, policy)),
};

function reviewPolicy(mesh: Mesh, policy: AuthorizationPolicy): RuleFinding[] {
    const gateways = meantGateways(mesh, policy);
    const servers = gateways.flatMap((gateway) => gateway.servers);
    if (servers.length === 0 || !["ALLOW", "DENY"].includes(policy.action)) {
        return [];
    }
    const name = describeRef(gateways[0].ref);
    const isBlind = !servers.some(knowsCaller);
    // A DENY rule of HTTP on TCP ports is told by deny-http-attributes.
    const isDeaf = policy.action === "ALLOW" && !servers.some((server) => servedRoutes(server) === "http");
    return policy.rules.flatMap((rule, index) => {
        const path = `spec.rules[${index}]`;
        const [request] = isDeaf ? attributes(rule, path, REQUEST, REQUEST_KEYS) : [];
        const [caller] = isBlind ? attributes(rule, path, CALLER, CALLER_KEYS) : [];
        return [
            ...(request ? [unseenRequest(policy, request, name)] : []),
            ...(caller ? [unseenCaller(policy, caller, name)] : []),
        ];
    });
}

function knowsCaller({ tlsMode }: GatewayServer): boolean {
    return KNOWN_CALLERS.includes(tlsMode ?? "");
}

/** Those of a kind that a rule names, negated or not, and its conditions. */
function attributes(rule: Fields, path: string, names: string[], keys: RegExp): Attribute[] {
    const parts: [string, Fields][] = [
        ...list(rule.from).map((one, index): [string, Fields] => [
            `${path}.from[${index}].source`,
            fields(fields(one).source),
        ]),
        ...list(rule.to).map((one, index): [string, Fields] => [
            `${path}.to[${index}].operation`,
            fields(fields(one).operation),
        ]),
    ];
    const named = parts.flatMap(([at, own]) =>
        names.flatMap((name) =>
            [name, `not${name[0].toUpperCase()}${name.slice(1)}`]
                .filter((key) => list(own[key]).length > 0)
                .map((key) => ({ path: `${at}.${key}`, isNegated: key !== name })),
        ),
    );
    const conditions = list(rule.when).flatMap((one, index) => {
        const { key, values } = fields(one);
        return keys.test(text(key) ?? "")
            ? [{ path: `${path}.when[${index}]`, isNegated: list(values).length === 0 }]
            : [];
    });
    return [...named, ...conditions];
}

function unseenRequest(policy: AuthorizationPolicy, { path }: Attribute, gateway: string): RuleFinding {
    return finding(policy, {
        path,
        problem: `asks for a part of an HTTP request, but every server of ${gateway} takes bytes, so Istio leaves the rule out and it allows no call`,
        expected: "callers, ports and connection.sni, which a TCP server sees",
        fix: "Use when: [{ key: connection.sni, values: [...] }] instead of the request's host",
    });
}

function unseenCaller(policy: AuthorizationPolicy, { path, isNegated }: Attribute, gateway: string): RuleFinding {
    const effect = isNegated
        ? "it matches every call"
        : policy.action === "DENY"
          ? "it denies no call"
          : "it allows no call";
    return finding(policy, {
        path,
        problem: `asks who calls, but no server of ${gateway} ends the mesh's mutual TLS, so the gateway knows no caller and ${effect}`,
        expected: "a server with tls mode ISTIO_MUTUAL, to which sidecars send the calls in the mesh's mutual TLS",
        fix: "Set tls: { mode: ISTIO_MUTUAL } on the Gateway's server, with protocol HTTPS, or TLS for the application's own TLS",
    });
}
