import { generalTls } from "../mesh/effectiveRules";
import { Mesh } from "../mesh/mesh";
import { callsOf } from "../mesh/routing";
import { Transport } from "../mesh/transports";
import { originates } from "../objects/destinationRule";
import { Gateway } from "../objects/gateway";
import { MESH } from "../objects/virtualService";
import { Rule, finding } from "../rule";

/** Keeps silent where the set does not show where the gateway's pods are: nobody knows whose rules they read. */
export const originationAndPassthrough: Rule = {
    id: "origination-and-passthrough",
    title: "A gateway passes through the application's TLS to a host and port for which it also originates TLS.",
    why: "The call is encrypted twice, and fails with an error that looks like the partner's.",
    severity: "advisory",
    find: (mesh) =>
        mesh.transports
            .filter((transport) => carriesTls(mesh, transport))
            .flatMap((transport) =>
                callsOf(mesh, transport).flatMap(({ rules, port, host }) => {
                    const tls = generalTls(rules, port.number, transport.destination.subset);
                    return originates(tls)
                        ? [
                              finding(tls, {
                                  path: tls.path,
                                  value: tls.mode,
                                  problem: `originates TLS for port ${port.number} of ${host}, to which ${transport.service.ref.kind} ${transport.service.ref.name} passes through the application's own TLS`,
                                  expected: "either origination or passthrough for a host and port",
                                  fix: "Add a rule with tls mode DISABLE for the passthrough host, or send HTTP to it instead",
                              }),
                          ]
                        : [];
                }),
            ),
};

/** Whether what goes this way is TLS of the application. */
function carriesTls({ gatewaysById }: Mesh, { service, route, match, gateway }: Transport): boolean {
    if (route.kind !== "tcp") {
        return route.kind === "tls";
    }
    // Bytes are TLS where the gateway passes it through, or where the mesh's side of the same service routes by SNI.
    return (
        passesThrough(gatewaysById.get(gateway), match.port) ||
        service.routes.some(({ kind, matches }) => kind === "tls" && matches.some((one) => one.gateways.includes(MESH)))
    );
}

function passesThrough(gateway: Gateway | undefined, port: number | undefined): boolean {
    return (gateway?.servers ?? []).some(
        (server) => server.tlsMode === "PASSTHROUGH" && (port ?? server.port) === server.port,
    );
}
