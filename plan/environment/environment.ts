import { allowsCaller, callerNamespaces } from "../shared/caller";
import { CertManagerShape } from "../pki/certManager";
import { refuseAlerts } from "../pki/certificateAlerts";
import { ChainRequest, refuseChain, refuseLifetimes } from "../pki/chain";
import { refuseHalf } from "../pki/credential";
import { GatewayRequest, refuseGateway } from "../mesh/gateway";
import { refuseSharedHosts } from "../shared/host";
import { LockdownShape, refuseLockdown, refusePlaces } from "../egress/lockdown/lockdown";
import { MeshRequest, refuseMesh } from "../mesh/mesh";
import { ServerRequest, refuseServer } from "../upstream/mtlsServer";
import { refuseLabel, refuseSecretName } from "../shared/names";
import { ProbeRequest, refuseProbe } from "../egress/probe";
import { Refusal, under } from "../shared/violation";
import { traits } from "../egress/route/modes";
import { refuseRoute } from "../egress/route/validateRoute";
import { DEFAULT_CONNECTION_SECONDS, RouteShape, hostClaim } from "../egress/route/route";

export interface EnvironmentRequest {
    mesh: MeshRequest;
    gateway: Omit<GatewayRequest, "meshNamespace">;
    chain: ChainRequest;
    /** With certificates of cert-manager; `onlyOfStack` are the paths of settings that only a stack's own have. */
    certManager?: CertManagerShape & { onlyOfStack: string[] };
    server?: ServerRequest;
    routes: (RouteShape & {
        name: string;
        hasServerCa: boolean;
        /** Whether it brings a client certificate and a key along. */
        hasCertificate: boolean;
        hasPrivateKey: boolean;
    })[];
    alerts?: { warningHours: number; lastHours: number };
    callerNamespaces: string[];
    lockdown?: LockdownShape & { createNamespaces: boolean };
    probe?: ProbeRequest & { serviceAccount: string };
}

/** Everything that its parts would refuse, and what only shows when they are seen together. */
export function refuseEnvironment(request: EnvironmentRequest): Refusal[] {
    const { mesh, gateway, server, routes, probe } = request;
    return [
        ...under("mesh", refuseMesh(mesh)),
        ...under("gateway", refuseGateway({ ...gateway, meshNamespace: mesh.namespace })),
        ...refusePki(request),
        ...(request.alerts ? under("alerts", refuseAlerts(request.alerts)) : []),
        ...(server ? under("server", refuseServer(server)) : []),
        ...routes.flatMap((route, index) => under(`routes[${index}]`, refuseEnvironmentRoute(request, index, route))),
        ...refuseSharedHosts(routes.map((route, index) => ({ path: `routes[${index}]`, ...hostClaim(route) }))),
        ...request.callerNamespaces.flatMap((name, index) =>
            refuseLabel(`callerNamespaces[${index}]`, name, "a namespace"),
        ),
        ...refuseSharedNamespaces(request),
        ...refuseAddonParts(request),
        ...refuseEnvironmentLockdown(request),
        ...(probe && routes.length > 0
            ? under("probe", [...refuseProbe(probe), ...refuseUnallowedProbe(probe, routes)])
            : []),
    ];
}

/** The names in the chain are those of the server and the routes, and are refused there. */
function refusePki({ chain, certManager }: EnvironmentRequest): Refusal[] {
    if (certManager === undefined) {
        return under("certificates", refuseChain({ ...chain, clients: [], serverHosts: undefined }));
    }
    const { root, leaf, namespace, onlyOfStack } = certManager;
    return [
        ...under("certificates", refuseLifetimes({ root, leaf })),
        ...under("certManager", refuseLabel("namespace", namespace, "a namespace")),
        ...onlyOfStack.map((path) => ({
            path,
            problem: "is set, and cert-manager has no such thing",
            expected: "nothing, with pki: certManager",
            fix: "Remove it, or let the stack make the certificates with pki: pulumi",
        })),
    ];
}

function refuseEnvironmentRoute(
    { chain, certManager, routes, server }: EnvironmentRequest,
    index: number,
    route: EnvironmentRequest["routes"][number],
): Refusal[] {
    const first = routes.findIndex(({ name }) => name === route.name);
    const twice: Refusal[] =
        first === index
            ? []
            : [
                  {
                      path: "name",
                      value: route.name,
                      problem: `is already the name of routes[${first}]`,
                      expected: "another name for each route",
                      fix: "Rename one of the two, or put their hosts into one route",
                  },
              ];
    const foreign = route.hosts.find((host) => !server?.hosts.includes(host));
    const { originates } = traits(route.mode);
    const withoutCa: Refusal[] =
        route.hasServerCa || foreign === undefined || originates !== "MUTUAL"
            ? []
            : [
                  {
                      path: "serverCa",
                      problem: `is missing, and ${JSON.stringify(foreign)} is not a host of the environment's own server`,
                      expected: "the CA certificates of the partner's servers",
                      fix: "Set serverCa to the PEM text of the CA that the partner named",
                  },
              ];
    const uselessCa: Refusal[] =
        route.hasServerCa && !originates
            ? [
                  {
                      path: "serverCa",
                      problem: `means nothing in mode ${route.mode}, where no proxy verifies the server`,
                      expected: "no serverCa, or a mode that originates TLS",
                      fix: "Leave it out, or choose mutualTls or simpleTls",
                  },
              ]
            : [];
    return [
        ...refuseLabel("name", route.name, "a route"),
        ...refuseSecretName("name", route.name),
        ...twice,
        ...refuseRoute(route),
        ...(originates === "MUTUAL" && !route.hasCertificate
            ? refuseOldConnections(
                  route.maxConnectionSeconds ?? DEFAULT_CONNECTION_SECONDS,
                  chain.lifetimes.leaf.renewalHours,
              )
            : []),
        ...refuseOwnCertificate(route),
        ...(certManager ? refuseForCertManager(route) : []),
        ...withoutCa,
        ...uselessCa,
    ];
}

/** A client certificate that a route brings along comes with its key, and only where a proxy shows one. */
function refuseOwnCertificate(route: EnvironmentRequest["routes"][number]): Refusal[] {
    const { originates } = traits(route.mode);
    return [
        ...refuseHalf(route),
        ...(route.hasCertificate && originates !== "MUTUAL"
            ? [
                  {
                      path: "certificate",
                      problem: `means nothing in mode ${route.mode}, where no proxy shows a client certificate`,
                      expected: "no certificate, or a mode of mutual TLS",
                      fix: "Leave it out, or choose mutualTls",
                  },
              ]
            : []),
    ];
}

/** cert-manager keeps the secrets of the gateway, and Istio reads those. */
function refuseForCertManager(route: EnvironmentRequest["routes"][number]): Refusal[] {
    const { originates, throughGateway } = traits(route.mode);
    if (originates !== "MUTUAL" || route.hasCertificate) {
        return [];
    }
    const refusal = (path: string, value: string, expected: string): Refusal => ({
        path,
        value,
        problem: "needs a certificate that the stack delivers, and cert-manager keeps it",
        expected,
        fix: "Change it, bring a certificate of your own, or choose pki: pulumi",
    });
    return [
        ...(throughGateway ? [] : [refusal("mode", route.mode, "a mode of mutual TLS through the gateway")]),
        ...(route.credentialSource === "files" ? [refusal("credentialSource", "files", "sds")] : []),
    ];
}

/** A connection keeps the certificate that it began with, so it has to end before that one does. */
function refuseOldConnections(maxConnectionSeconds: number, renewalHours: number): Refusal[] {
    const window = renewalHours * 3600;
    if (maxConnectionSeconds < window || Number.isNaN(maxConnectionSeconds) || Number.isNaN(window)) {
        return [];
    }
    return [
        {
            path: "maxConnectionSeconds",
            value: maxConnectionSeconds,
            problem:
                "is not shorter than the renewal window, so a connection could outlive the certificate that it began with",
            expected: `less than ${window} seconds, the ${renewalHours} hours of certificates.leaf.renewalHours`,
            fix: "Lower it, or raise certificates.leaf.renewalHours",
        },
    ];
}

/** The add-on's control plane and its gateway go together, and the gateway has no port for the applications' own TLS. */
function refuseAddonParts({ mesh, gateway, routes }: EnvironmentRequest): Refusal[] {
    const managed = { mesh: mesh.addon !== undefined, gateway: gateway.addonSettings !== undefined };
    if (managed.mesh !== managed.gateway) {
        return [
            {
                path: managed.mesh ? "gateway.addon" : "gateway",
                problem: managed.mesh
                    ? "is missing, and the mesh is the add-on, which has no chart for another gateway"
                    : "is the add-on's, and the mesh is not",
                expected: "the add-on for both, or Istio's charts for both",
                fix: managed.mesh ? "Set gateway.addon.egressPrefixId" : "Remove gateway.addon, or set mesh.flavour",
            },
        ];
    }
    return routes.flatMap(({ mode }, index) =>
        managed.gateway && mode === "passthrough"
            ? [
                  {
                      path: `routes[${index}].mode`,
                      value: mode,
                      problem: "needs a port of the gateway's service that the add-on's gateway does not have",
                      expected: "another mode with the add-on",
                      fix: "Let the gateway originate TLS (mutualTls or simpleTls), or use Istio from its charts",
                  },
              ]
            : [],
    );
}

function refuseSharedNamespaces({ mesh, gateway, server, callerNamespaces, lockdown }: EnvironmentRequest): Refusal[] {
    const taken = new Map([
        [mesh.namespace, "the mesh"],
        [gateway.namespace, "the gateway"],
    ]);
    const named = [
        ...(server ? [{ path: "server.namespace", namespace: server.namespace, what: "the server" }] : []),
        ...callerNamespaces.map((namespace, index) => ({
            path: `callerNamespaces[${index}]`,
            namespace,
            what: "callers",
        })),
        ...(lockdown?.createNamespaces ? lockdown.namespaces : []).map((namespace, index) => ({
            path: `lockdown.namespaces[${index}]`,
            namespace,
            what: "the lockdown",
        })),
    ];
    return named.flatMap(({ path, namespace, what }) => {
        const owner = taken.get(namespace);
        taken.set(namespace, owner ?? what);
        return owner === undefined
            ? []
            : [
                  {
                      path,
                      value: namespace,
                      problem: `is already the namespace of ${owner}`,
                      expected: "a namespace of its own",
                      fix: "Choose another namespace",
                  },
              ];
    });
}

function refuseEnvironmentLockdown({ lockdown, mesh, gateway, routes }: EnvironmentRequest): Refusal[] {
    if (lockdown === undefined) {
        return [];
    }
    const { plaintextLeg = false } = gateway;
    const places = { gateway, meshNamespace: mesh.namespace, plaintextLeg };
    const past = routes.flatMap(({ mode, allowFrom }, index): Refusal[] => {
        const locked = callerNamespaces(allowFrom).find((namespace) => lockdown.namespaces.includes(namespace));
        return locked === undefined || traits(mode).throughGateway
            ? []
            : [
                  {
                      path: `routes[${index}].mode`,
                      value: mode,
                      problem: `goes past the gateway, and the lockdown lets nothing leave ${JSON.stringify(locked)} but through it`,
                      expected: "a mode that goes through the gateway",
                      fix: "Choose another mode, or take the namespace out of the lockdown",
                  },
              ];
    });
    // The add-on's gateway always leaves through a static egress gateway.
    const staticEgressGateway = lockdown.staticEgressGateway || gateway.addonSettings !== undefined;
    return [
        ...under("lockdown", [
            ...refuseLockdown({ ...lockdown, staticEgressGateway }),
            ...refusePlaces(lockdown.createNamespaces ? [] : lockdown.namespaces, places),
        ]),
        ...past,
    ];
}

function refuseUnallowedProbe(probe: NonNullable<EnvironmentRequest["probe"]>, routes: RouteShape[]): Refusal[] {
    if (routes.some((route) => allowsCaller(route.allowFrom, probe.namespace, probe.serviceAccount))) {
        return [];
    }
    return [
        {
            path: "serviceAccount",
            value: probe.serviceAccount,
            problem: `of namespace ${JSON.stringify(probe.namespace)} is in no route's allowFrom, so nothing would be probed`,
            expected: "a service account that at least one route allows",
            fix: "Add it to the allowFrom of the routes to probe",
        },
    ];
}
