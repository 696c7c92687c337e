import { Call } from "../calls";
import { effectiveTls } from "../effectiveRule";
import { serviceNamespace } from "../hosts";
import { tlsFor } from "../objects/destinationRule";
import { gatewayName } from "../objects/gateway";
import { MESH } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";
import { GatewayTransport, callsOf, gatewayTransports } from "../routing";
import { Scene, isGatewayNamespace } from "../scene";
import { isVisible } from "../visibility";

/**
 * Looks at the gateway's server, and at the rule for the gateway's service. Without a rule in the set it keeps silent
 * about that side: a server that wants the mesh's mutual TLS refuses everything else by itself.
 */
export const plaintextToGateway: Rule = {
    id: "plaintext-to-gateway",
    title: "A gateway shows a client certificate for calls that reach it without the mesh's mutual TLS.",
    why: "Whoever reaches the gateway's port speaks to the partner under your name; no policy can tell who it was.",
    find: (scene) =>
        gatewayTransports(scene)
            .filter(({ route }) => route.kind === "http")
            .flatMap((transport) =>
                callsOf(scene, transport)
                    .filter((call) => showsCertificate(transport, call))
                    .flatMap(({ host }) => [
                        ...openServers(scene, transport, host),
                        ...plainRules(scene, transport, host),
                    ]),
            ),
};

function showsCertificate({ destination }: GatewayTransport, { rules, port }: Call): boolean {
    return rules.general !== undefined && tlsFor(rules.general, port.number, destination.subset)?.mode === "MUTUAL";
}

function openServers({ gateways }: Scene, { gateway, match }: GatewayTransport, host: string): RuleFinding[] {
    return gateways
        .filter((candidate) => gatewayName(candidate) === gateway)
        .flatMap((candidate) =>
            candidate.servers
                .filter(({ port, tlsMode }) => (match.port ?? port) === port && !authenticates(tlsMode))
                .map(({ path, port, tlsMode }) =>
                    finding(candidate, {
                        path: `${path}.tls`,
                        ...(tlsMode && { value: tlsMode }),
                        problem: `lets anybody who reaches port ${port} call ${host} with the gateway's client certificate`,
                        expected: "tls mode ISTIO_MUTUAL on a server with protocol HTTPS",
                        fix: "Set protocol: HTTPS and tls: { mode: ISTIO_MUTUAL }",
                    }),
                ),
        );
}

function authenticates(tlsMode: string | undefined): boolean {
    return tlsMode === "ISTIO_MUTUAL" || tlsMode === "MUTUAL";
}

function plainRules(scene: Scene, { service }: GatewayTransport, host: string): RuleFinding[] {
    const callers = scene.namespaces.filter(
        (namespace) =>
            isVisible(service.exportTo, service.ref.namespace, namespace) && !isGatewayNamespace(scene, namespace),
    );
    const transports = service.routes
        .filter(({ kind, matches }) => kind === "http" && matches.some(({ gateways }) => gateways.includes(MESH)))
        .flatMap(({ destinations }) => destinations);
    return transports.flatMap((transport) =>
        callers.flatMap((caller) => {
            const owner = serviceNamespace(transport.host);
            const tls =
                owner === undefined || transport.port === undefined
                    ? undefined
                    : effectiveTls(scene, caller, transport.host, owner, transport.port, transport.subset);
            return tls && tls.mode !== "ISTIO_MUTUAL"
                ? [
                      finding(tls, {
                          path: `${tls.path}.mode`,
                          value: tls.mode,
                          problem: `hides from the gateway who calls ${host}, for which it shows a client certificate`,
                          expected: "ISTIO_MUTUAL from the sidecar to the gateway",
                          fix: "Set mode: ISTIO_MUTUAL",
                      }),
                  ]
                : [];
        }),
    );
}
