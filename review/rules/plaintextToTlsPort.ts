import { callersOfRoute } from "../mesh/callers";
import { Call, callersOf, sidecarsOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { generalTls } from "../mesh/effectiveRules";
import { Mesh } from "../mesh/mesh";
import { callsOf, isDiverted, isTakenFromMesh } from "../mesh/routing";
import { Transport } from "../mesh/transports";
import { originates } from "../objects/destinationRule";
import { isHttp, isTls, isTlsPort } from "../objects/protocols";
import { EntryPort, ServiceEntry } from "../objects/serviceEntry";
import { Route, RouteDestination, VirtualService, isForMesh } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";
import { audience, isVisible } from "../visibility";

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
        // One without hosts is used only by those that delegate to it, and is read with them.
        ...mesh.virtualServices.filter(({ hosts }) => hosts.length > 0).flatMap((service) => bySidecars(mesh, service)),
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

/** HTTP that a route of the mesh leads to a port on which the server expects TLS. */
function bySidecars(mesh: Mesh, service: VirtualService): RuleFinding[] {
    return service.routes
        .filter((route) => route.kind === "http" && isForMesh(route))
        .flatMap((route) =>
            route.destinations.flatMap((destination) =>
                mesh.entriesByHost.exact(destination.host).flatMap((entry): RuleFinding[] => {
                    const port = tlsPortFor(entry, destination);
                    const caller = port && plaintextCaller(mesh, service, entry, destination, port.number);
                    return caller === undefined || !takesHttp(mesh, service, route)
                        ? []
                        : [byRoute(route, destination, port?.number ?? 0, caller)];
                }),
            ),
        );
}

/** Whether the hosts of a service have a port of HTTP that the route is for; what is not declared may have one. */
function takesHttp({ entriesByHost }: Mesh, { hosts }: VirtualService, { matches }: Route): boolean {
    const ports = hosts.flatMap((host) => entriesByHost.overlapping(host)).flatMap((entry) => entry.ports);
    const http = ports.filter(({ protocol }) => protocol === "" || isHttp(protocol));
    return ports.length === 0 || matches.some((match) => http.some(({ number: own }) => isTakenFromMesh(match, own)));
}

function tlsPortFor({ isExternal, ports }: ServiceEntry, { port }: RouteDestination): EntryPort | undefined {
    const meant = ports.filter(({ number: own }) => (port ?? own) === own);
    return isExternal && meant.length === 1 && isTls(meant[0].protocol) ? meant[0] : undefined;
}

/** A namespace whose sidecars see both and do not originate TLS. */
function plaintextCaller(
    mesh: Mesh,
    service: VirtualService,
    entry: ServiceEntry,
    { host, subset }: RouteDestination,
    port: number,
): string | undefined {
    const { namespaces, gatewayNamespaces } = mesh;
    if (namespaces.waypointNamespace(entry.labels, entry.ref.namespace) !== undefined) {
        return undefined;
    }
    return [...new Set([...callersOfRoute(mesh, service, host), ...audience(entry)])]
        .filter((namespace) => !gatewayNamespaces.has(namespace) && !namespaces.isAmbient(namespace))
        .filter((namespace) =>
            [service, entry].every(({ exportTo, ref }) => isVisible(exportTo, ref.namespace, namespace)),
        )
        .find((namespace) => {
            const rules = mesh.rulesFor(namespace, host, entry.ref.namespace);
            const tls = generalTls(rules, port, subset);
            const isPlain = tls === undefined || tls.mode === "DISABLE" || isIgnoredBySidecars(tls);
            return isPlain && rules.selecting.length === 0;
        });
}

function byRoute(route: Route, { path, host }: RouteDestination, port: number, caller: string): RuleFinding {
    return finding(route, {
        path,
        value: host,
        problem: `gets requests in plaintext on its TLS port ${port} from ${sidecarsOf(caller)}, because no DestinationRule that they read originates TLS`,
        expected: `a DestinationRule with tls mode SIMPLE or MUTUAL for port ${port}, visible to these sidecars`,
        fix: `Add a DestinationRule for ${JSON.stringify(host)} with tls: { mode: SIMPLE } for port ${port}, or lead the route to a gateway`,
    });
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
