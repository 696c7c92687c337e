import { groupBy } from "../groupBy";
import { HostIndex } from "../mesh/hostIndex";
import { Mesh } from "../mesh/mesh";
import { namespacesOfGateway } from "../mesh/transports";
import { WayToGateway, waysToGateways } from "../mesh/waysToGateways";
import { GatewayServer } from "../objects/gateway";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";

/**
 * Without `sni`, Istio sends a name of its own, such as `outbound_.443_.partner_.egress.gateways.svc.cluster.local`. Silent
 * where another server for the port and the same pods takes the name, and where the set has no rule for the gateway's
 * service.
 */
export const gatewaySniMismatch: Rule = {
    id: "gateway-sni-mismatch",
    title: "Sidecars name another host in TLS than the gateway's server answers for.",
    why: "The gateway finds no server for the connection and closes it. Every call gets 503.",
    severity: "mandatory",
    find: (mesh) => {
        const servers = tlsServers(mesh);
        return waysToGateways(mesh)
            .filter(({ tls, server }) => tls.mode === "ISTIO_MUTUAL" && server.tlsMode === "ISTIO_MUTUAL")
            .filter((way) => !isTaken(mesh, servers, way))
            .map(({ tls, server, gateway }) => {
                const answers = `${server.path} of ${describeRef(gateway.ref)} answers only for ${server.hosts.join(", ")}`;
                return finding(
                    tls,
                    tls.sni === undefined
                        ? {
                              path: tls.path,
                              problem: `has no sni, but ${answers}`,
                              expected: "the server's host as sni",
                              fix: `Add sni: ${JSON.stringify(server.hosts[0])}`,
                          }
                        : {
                              path: `${tls.path}.sni`,
                              value: tls.sni,
                              problem: `is the name that sidecars send, but ${answers}`,
                              expected: "one of the server's hosts",
                              fix: `Write sni: ${JSON.stringify(server.hosts[0])}, or add the host to the server`,
                          },
                );
            });
    },
};

/** The servers that expect TLS, by the namespace of their pods and their port. */
function tlsServers(mesh: Mesh): Map<string, HostIndex<GatewayServer>> {
    const all = mesh.gateways.flatMap(({ id, servers }) =>
        namespacesOfGateway(mesh, id).flatMap((namespace) => servers.map((server) => ({ namespace, server }))),
    );
    const byPort = groupBy(
        all.filter(({ server }) => server.tlsMode !== undefined),
        ({ namespace, server }) => placeOf(namespace, server.port),
    );
    return new Map(
        [...byPort].map(([place, own]) => [
            place,
            new HostIndex(
                own.map(({ server }) => server),
                ({ hosts }) => hosts,
            ),
        ]),
    );
}

function placeOf(namespace: string, port: number): string {
    return `${namespace} ${port}`;
}

/** Whether some server on the port answers for the name: this one, or another of the same pods. */
function isTaken(
    mesh: Mesh,
    servers: Map<string, HostIndex<GatewayServer>>,
    { gateway, tls, port }: WayToGateway,
): boolean {
    return namespacesOfGateway(mesh, gateway.id).some((namespace) => {
        const own = servers.get(placeOf(namespace, port));
        const taking = tls.sni === undefined ? own?.exact("*") : own?.covering(tls.sni);
        return taking !== undefined && taking.length > 0;
    });
}
