import { Call, callersOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { generalTls } from "../mesh/effectiveRules";
import { Mesh } from "../mesh/mesh";
import { callsOf, isDiverted } from "../mesh/routing";
import { Transport } from "../mesh/transports";
import { originates } from "../objects/destinationRule";
import { isHttp, isTls, isTlsPort } from "../objects/protocols";
import { EntryPort } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Looks at HTTP: an application that speaks TLS itself declares it. A port 443 that is declared as HTTP may be called with
 * TLS all the same, which is what http-on-443 is about.
 */
export const plaintextToTlsPort: Rule = {
    id: "plaintext-to-tls-port",
    title: "Plaintext requests go to a TLS port of the server, and no rule originates TLS.",
    why: "The request leaves the mesh unencrypted, with all its headers. The server answers 400 or closes the connection.",
    severity: "mandatory",
    find: (mesh) => [
        ...mesh.calls.flatMap((call) => (isPlaintext(mesh, call) ? [byWorkloads(call)] : [])),
        ...mesh.transports
            .filter(({ route }) => route.kind === "http")
            .flatMap((transport) =>
                callsOf(mesh, transport)
                    .filter((call) => isPlaintextAtGateway(transport, call))
                    .map((call) => byGateway(transport, call)),
            ),
    ],
};

function isPlaintext(mesh: Mesh, call: Call): boolean {
    const { caller, entry, port, tls, rules } = call;
    const isIgnored = originates(tls) && caller === "sidecar" && isIgnoredBySidecars(tls);
    return (
        caller !== "gateway" &&
        entry.isExternal &&
        isHttp(port.protocol) &&
        entry.resolution !== "NONE" &&
        port.serverPorts.some((own) => isTlsPort(own) && own !== port.number) &&
        !isEncrypted(call) &&
        !isIgnored &&
        rules.selecting.length === 0 &&
        !isDiverted(mesh, call)
    );
}

function isEncrypted({ tls }: Call): boolean {
    return tls !== undefined && tls.mode !== "DISABLE";
}

function isPlaintextAtGateway({ destination }: Transport, { entry, port, rules }: Call): boolean {
    const tls = generalTls(rules, port.number, destination.subset);
    const isTlsServer = isTls(port.protocol) || port.serverPorts.some(isTlsPort);
    return entry.isExternal && isTlsServer && (tls === undefined || tls.mode === "DISABLE");
}

function byWorkloads(call: Call): RuleFinding {
    const { entry, port, host } = call;
    return finding(entry, {
        path: port.path,
        value: port.number,
        problem: `is an HTTP port, and ${callersOf(call)} send its requests in plaintext to port ${tlsPortOf(port)} of ${host}, because no DestinationRule originates TLS`,
        expected: "a DestinationRule with tls mode SIMPLE or MUTUAL for that host and port",
        fix: `Add a DestinationRule for ${JSON.stringify(host)} with tls: { mode: SIMPLE } for port ${port.number}`,
    });
}

function byGateway({ route, destination, gateway }: Transport, { port, host, namespace }: Call): RuleFinding {
    return finding(route, {
        path: destination.path,
        value: host,
        problem: `gets requests in plaintext on port ${tlsPortOf(port)} from gateway ${gateway.replace(/^gateway-api:/, "")}, because no DestinationRule that the gateway reads originates TLS`,
        expected: `a DestinationRule with tls mode SIMPLE or MUTUAL for port ${port.number}, visible in namespace ${namespace}`,
        fix: `Add a DestinationRule for ${JSON.stringify(host)} in namespace ${namespace} with tls: { mode: SIMPLE } for port ${port.number}`,
    });
}

function tlsPortOf({ serverPorts, number }: EntryPort): number {
    return serverPorts.find(isTlsPort) ?? number;
}
