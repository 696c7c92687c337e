import { namespacesWithRules } from "../mesh/callers";
import { generalTls } from "../mesh/effectiveRules";
import { overlap, serviceNamespace } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { audience, isVisible } from "../visibility";
import { TlsSettings } from "../objects/destinationRule";
import { GatewayServer, serves } from "../objects/gateway";
import { MESH, RouteDestination, VirtualService } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/** Looks at rules for the gateway's service only where the set has one; without one the mesh's automatic TLS decides. */
export const gatewayTransportMismatch: Rule = {
    id: "gateway-transport-mismatch",
    title: "Sidecars send TLS to a server of the gateway that expects plaintext, or plaintext to one that expects TLS.",
    why: "The gateway cannot read the calls, and each of them gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.virtualServices
            .filter(({ gateways }) => gateways.includes(MESH) || gateways.length === 0)
            .flatMap((service) => meshDestinations(service).flatMap((to) => reviewDestination(mesh, service, to))),
};

function meshDestinations({ routes, hosts }: VirtualService): RouteDestination[] {
    return routes
        .filter(({ matches }) => matches.some(({ gateways }) => gateways.includes(MESH)))
        .flatMap(({ destinations }) => destinations)
        .filter(({ host }) => !hosts.includes(host) && serviceNamespace(host) !== undefined);
}

function reviewDestination(mesh: Mesh, service: VirtualService, to: RouteDestination): RuleFinding[] {
    const { port } = to;
    const owner = serviceNamespace(to.host);
    const server = port === undefined ? undefined : serverFor(mesh, service, port, owner);
    if (server === undefined || port === undefined || owner === undefined) {
        return [];
    }
    const callers = [...new Set([...namespacesWithRules(mesh, to.host), ...audience(service)])].filter(
        (namespace) =>
            isVisible(service.exportTo, service.ref.namespace, namespace) && !mesh.gatewayNamespaces.has(namespace),
    );
    return callers.flatMap((caller) => {
        const tls = generalTls(mesh.rulesFor(caller, to.host, owner), port, to.subset);
        const problem = tls && mismatch(tls, server.server);
        return tls && problem !== undefined
            ? [
                  finding(tls, {
                      path: `${tls.path}.mode`,
                      value: tls.mode,
                      problem: `${problem}: ${server.server.path} of ${server.gateway} on port ${port}`,
                      expected: expected(server.server),
                      fix: fixFor(server.server),
                  }),
              ]
            : [];
    });
}

/** The server that the route's calls arrive at: of a Gateway whose pods are behind the service. */
function serverFor(
    mesh: Mesh,
    service: VirtualService,
    port: number,
    podNamespace: string | undefined,
): { server: GatewayServer; gateway: string } | undefined {
    const bound = new Set(service.gateways.filter((id) => id !== MESH));
    // A route of the Gateway API is bound to its gateway in an object of its own.
    const gateways =
        bound.size > 0
            ? [...bound].flatMap((id) => mesh.gatewaysById.get(id) ?? [])
            : mesh.gateways.filter((gateway) => gateway.podNamespace === podNamespace);
    for (const gateway of gateways) {
        const server = gateway.servers.find(
            (one) =>
                one.port === port &&
                serves(one, (host) => service.hosts.some((own) => overlap(own, host)), service.ref.namespace),
        );
        if (server) {
            return { server, gateway: describeRef(gateway.ref) };
        }
    }
    return undefined;
}

function mismatch({ mode }: TlsSettings, { tlsMode }: GatewayServer): string | undefined {
    const encrypts = mode !== "DISABLE";
    if (encrypts && tlsMode === undefined) {
        return "encrypts calls to a server that expects plaintext";
    }
    if (mode === "ISTIO_MUTUAL" && tlsMode === "PASSTHROUGH") {
        return "adds the mesh's TLS to calls that a server passes through unchanged";
    }
    return !encrypts && tlsMode === "ISTIO_MUTUAL"
        ? "sends plaintext to a server that expects the mesh's mutual TLS"
        : undefined;
}

function expected({ tlsMode }: GatewayServer): string {
    return tlsMode === "ISTIO_MUTUAL" ? "ISTIO_MUTUAL" : "DISABLE, or a server that expects the mesh's mutual TLS";
}

function fixFor({ tlsMode }: GatewayServer): string {
    return tlsMode === "ISTIO_MUTUAL"
        ? "Set mode: ISTIO_MUTUAL"
        : "Set protocol: HTTPS and tls: { mode: ISTIO_MUTUAL } on the Gateway's server";
}
