import { callersOfRoute } from "../mesh/callers";
import { Call } from "../mesh/calls";
import { generalTls } from "../mesh/effectiveRules";
import { serviceNamespace } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { callsOf } from "../mesh/routing";
import { Transport } from "../mesh/transports";
import { meshDestinations } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Looks at the gateway's server, and at the rule for the gateway's service. Without a rule in the set it keeps silent
 * about that side: a server that wants the mesh's mutual TLS refuses everything else by itself.
 */
export const plaintextToGateway: Rule = {
    id: "plaintext-to-gateway",
    title: "A gateway uses a client certificate for calls that reach it without the mesh's mutual TLS.",
    why: "Everyone who can reach the gateway's port can call the partner in your name, and no policy can check the caller.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.transports
            .filter(({ route }) => route.kind === "http")
            .flatMap((transport) =>
                callsOf(mesh, transport)
                    .filter((call) => showsCertificate(transport, call))
                    .flatMap(({ host }) => [
                        ...openServers(mesh, transport, host),
                        ...plainRules(mesh, transport, host),
                    ]),
            ),
};

function showsCertificate({ destination }: Transport, { rules, port }: Call): boolean {
    return generalTls(rules, port.number, destination.subset)?.mode === "MUTUAL";
}

function openServers({ gatewaysById }: Mesh, { gateway, match }: Transport, host: string): RuleFinding[] {
    const bound = gatewaysById.get(gateway);
    return bound
        ? bound.servers
              .filter(({ port, tlsMode }) => (match.port ?? port) === port && !authenticates(tlsMode))
              .map(({ path, port, tlsMode }) =>
                  finding(bound, {
                      path: `${path}.tls`,
                      ...(tlsMode && { value: tlsMode }),
                      problem: `lets everyone who can reach port ${port} call ${host} with the gateway's client certificate`,
                      expected: "tls mode ISTIO_MUTUAL on a server with protocol HTTPS",
                      fix: "Set protocol: HTTPS and tls: { mode: ISTIO_MUTUAL }",
                  }),
              )
        : [];
}

function authenticates(tlsMode: string | undefined): boolean {
    return tlsMode === "ISTIO_MUTUAL" || tlsMode === "MUTUAL";
}

function plainRules(mesh: Mesh, { service }: Transport, host: string): RuleFinding[] {
    const routes = service.routes.filter(({ kind }) => kind === "http");
    return meshDestinations(routes).flatMap(({ host: to, port, subset }) => {
        const owner = serviceNamespace(to);
        if (owner === undefined || port === undefined) {
            return [];
        }
        return callersOfRoute(mesh, service, to).flatMap((caller) => {
            const tls = generalTls(mesh.rulesFor(caller, to, owner), port, subset);
            return tls && tls.mode !== "ISTIO_MUTUAL"
                ? [
                      finding(tls, {
                          path: `${tls.path}.mode`,
                          value: tls.mode,
                          problem: `hides the caller of ${host} from the gateway, which uses a client certificate for it`,
                          expected: "ISTIO_MUTUAL from the sidecar to the gateway",
                          fix: "Set mode: ISTIO_MUTUAL",
                      }),
                  ]
                : [];
        });
    });
}
