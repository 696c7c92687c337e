import { generalTls } from "../mesh/effectiveRules";
import { isWildcard, overlap } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { namespacesOfGateway } from "../mesh/transports";
import { audience, isVisible } from "../visibility";
import { TlsSettings, originates } from "../objects/destinationRule";
import { MESH, Route, RouteDestination, VirtualService } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";

/** Without sni and subjectAltNames, Envoy takes both from the request's host. */
export const requestHostMismatch: Rule = {
    id: "request-host-mismatch",
    title: "A rule takes the server's name from the request, but the request is for another host.",
    why: "Envoy sends the request's host as SNI and expects it in the server's certificate. Every call gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.virtualServices.flatMap((service) =>
            service.routes
                .filter(({ kind }) => kind === "http")
                .flatMap((route) =>
                    route.destinations
                        .filter(({ host }) => !namesHost(service, route, host))
                        .flatMap((destination) =>
                            unnamed(mesh, service, route, destination).map((tls) =>
                                mismatch(tls, service, destination),
                            ),
                        ),
                ),
        ),
};

/** Whether requests on this route can name the destination themselves. */
function namesHost({ hosts }: VirtualService, { rewrittenHost, matches }: Route, destination: string): boolean {
    if (rewrittenHost !== undefined) {
        return rewrittenHost.replace(/:\d+$/, "") === destination || isWildcard(destination);
    }
    return (
        hosts.length === 0 ||
        hosts.some((host) => overlap(host, destination)) ||
        matches.some(({ authority }) => authority !== undefined && overlap(authority, destination))
    );
}

/** The settings that proxies which take the route use, where they name no server. */
function unnamed(mesh: Mesh, service: VirtualService, { matches }: Route, to: RouteDestination): TlsSettings[] {
    const entries = mesh.entriesByHost.covering(to.host).filter(({ isExternal }) => isExternal);
    const gateways = new Set(matches.flatMap((match) => match.gateways));
    const namespaces = [...gateways].flatMap((gateway) =>
        gateway === MESH ? audience(service) : namespacesOfGateway(mesh, gateway),
    );
    return entries.flatMap(({ ref, exportTo, ports, subjectAltNames }) =>
        namespaces
            .filter((namespace) => isVisible(exportTo, ref.namespace, namespace) && subjectAltNames.length === 0)
            .flatMap((namespace) => {
                const rules = mesh.rulesFor(namespace, to.host, ref.namespace);
                return ports
                    .filter(({ number }) => (to.port ?? number) === number)
                    .map(({ number }) => generalTls(rules, number, to.subset))
                    .filter(originates)
                    .filter(
                        ({ sni, subjectAltNames: names, insecureSkipVerify }) =>
                            sni === undefined && names.length === 0 && !insecureSkipVerify,
                    );
            }),
    );
}

function mismatch(tls: TlsSettings, { hosts }: VirtualService, { host }: RouteDestination): RuleFinding {
    return finding(tls, {
        path: tls.path,
        problem: `takes the server's name from the request, which is for ${hosts[0]}, but the server is ${host}`,
        expected: "sni and subjectAltNames, if requests are for another host",
        fix: `Add sni: ${JSON.stringify(host)} and subjectAltNames: [${JSON.stringify(host)}]`,
    });
}
