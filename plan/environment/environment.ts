import { allowsCaller, callerNamespaces } from "../shared/caller";
import { CertManagerOptions } from "../pki/certManager";
import { ResolvedAlerts, validateEgressAlerts } from "../observability/egressAlerts";
import { validateMetrics } from "../observability/scrape";
import { ChainOptions, validateChain, validateLifetimes } from "../pki/chain";
import { validateHalf } from "../pki/credential";
import { ResolvedGateway, validateGateway } from "../mesh/gateway";
import { validateSharedHosts } from "../shared/host";
import { validateRouteAddress } from "../egress/lockdown/insideCluster";
import { validateLockdown, validateLockdownContext } from "../egress/lockdown/lockdown";
import { ResolvedLockdown } from "../egress/lockdown/options";
import { ResolvedMesh, validateMesh } from "../mesh/mesh";
import { ServerOptions, validateServer } from "../upstream/mtlsServer";
import { validateLabel, validateSecretName } from "../shared/names";
import { ProbeOptions, validateProbe } from "../egress/probe";
import { Violation, under } from "../shared/violation";
import { traits } from "../egress/route/modes";
import { validateRoute } from "../egress/route/validateRoute";
import { DEFAULT_CONNECTION_SECONDS, RouteOptions, hostClaim } from "../egress/route/route";

export interface EnvironmentOptions {
    mesh: ResolvedMesh;
    gateway: Omit<ResolvedGateway, "meshNamespace">;
    chain: ChainOptions;
    /**
     * Certificates are from cert-manager. `onlyOfStack` are the paths of settings that only the stack's own
     * certificates have.
     */
    certManager?: CertManagerOptions & { onlyOfStack: string[] };
    server?: ServerOptions;
    routes: (RouteOptions & {
        name: string;
        hasServerCa: boolean;
        /** Address to dial instead of the hosts, if it is known at preview. */
        address?: string;
        /** Whether the route has its own client certificate and key. */
        hasCertificate: boolean;
        hasPrivateKey: boolean;
    })[];
    metrics?: { intervalSeconds: number };
    alerts?: ResolvedAlerts;
    callerNamespaces: string[];
    lockdown?: ResolvedLockdown;
    probe?: ProbeOptions & { serviceAccount: string };
}

/** Violations in each part of the environment, and in their combination. */
export function validateEnvironment(request: EnvironmentOptions): Violation[] {
    const { mesh, gateway, server, routes, probe } = request;
    return [
        ...under("mesh", validateMesh(mesh)),
        ...under("gateway", validateGateway({ ...gateway, meshNamespace: mesh.namespace })),
        ...validatePki(request),
        ...(request.metrics ? under("metrics", validateMetrics(request.metrics)) : []),
        ...(request.alerts ? under("alerts", validateEgressAlerts(request.alerts)) : []),
        ...(request.alerts && !request.metrics ? [alertsWithoutMetrics] : []),
        ...(server ? under("server", validateServer(server)) : []),
        ...routes.flatMap((route, index) => under(`routes[${index}]`, validateEnvironmentRoute(request, index, route))),
        ...validateSharedHosts(routes.map((route, index) => ({ path: `routes[${index}]`, ...hostClaim(route) }))),
        ...request.callerNamespaces.flatMap((name, index) =>
            validateLabel(`callerNamespaces[${index}]`, name, "a namespace"),
        ),
        ...validateSharedNamespaces(request),
        ...validateAddonParts(request),
        ...validateEnvironmentLockdown(request),
        ...(probe && routes.length > 0
            ? under("probe", [...validateProbe(probe), ...validateUnallowedProbe(probe, routes)])
            : []),
    ];
}

const alertsWithoutMetrics: Violation = {
    path: "metrics",
    problem: "is missing, and alerts would ask for metrics that no Prometheus reads",
    expected: "metrics together with alerts",
    fix: "Set metrics: { labels: ... } by which your Prometheus selects, or metrics: { operator: none } where you scrape the gateway yourself",
};

/** The names in the chain are those of the server and the routes, and are checked there. */
function validatePki({ chain, certManager }: EnvironmentOptions): Violation[] {
    if (certManager === undefined) {
        return under("certificates", validateChain({ ...chain, clients: [], serverHosts: undefined }));
    }
    const { root, leaf, namespace, onlyOfStack } = certManager;
    return [
        ...under("certificates", validateLifetimes({ root, leaf })),
        ...under("certManager", validateLabel("namespace", namespace, "a namespace")),
        ...onlyOfStack.map((path) => ({
            path,
            problem: "cannot be set with pki: certManager, which has no such setting",
            expected: "this setting only with pki: pulumi",
            fix: "Remove it, or set pki: pulumi",
        })),
    ];
}

function validateEnvironmentRoute(
    { chain, certManager, routes, server }: EnvironmentOptions,
    index: number,
    route: EnvironmentOptions["routes"][number],
): Violation[] {
    const first = routes.findIndex(({ name }) => name === route.name);
    const twice: Violation[] =
        first === index
            ? []
            : [
                  {
                      path: "name",
                      value: route.name,
                      problem: `is already the name of routes[${first}]`,
                      expected: "a unique name for each route",
                      fix: "Rename one of the two, or merge them into one route",
                  },
              ];
    const foreign = route.hosts.find((host) => !server?.hosts.includes(host));
    const { originates } = traits(route.mode);
    const withoutCa: Violation[] =
        route.hasServerCa || foreign === undefined || originates !== "MUTUAL"
            ? []
            : [
                  {
                      path: "serverCa",
                      problem: `is missing, and ${JSON.stringify(foreign)} is not a host of the environment's own server`,
                      expected: "the CA certificates of the partner's servers",
                      fix: "Set serverCa to the PEM text of the partner's CA",
                  },
              ];
    const uselessCa: Violation[] =
        route.hasServerCa && !originates
            ? [
                  {
                      path: "serverCa",
                      problem: `has no effect in mode ${route.mode}, in which no proxy verifies the server`,
                      expected: "no serverCa, or a mode that originates TLS",
                      fix: "Remove it, or choose mutualTls or simpleTls",
                  },
              ]
            : [];
    return [
        ...validateLabel("name", route.name, "a route"),
        ...validateSecretName("name", route.name),
        ...twice,
        ...validateRoute(route),
        ...(originates === "MUTUAL" && !route.hasCertificate
            ? validateOldConnections(
                  route.maxConnectionSeconds ?? DEFAULT_CONNECTION_SECONDS,
                  chain.lifetimes.leaf.renewalHours,
              )
            : []),
        ...validateOwnCertificate(route),
        ...(certManager ? validateForCertManager(route) : []),
        ...withoutCa,
        ...uselessCa,
    ];
}

/** A route's own client certificate needs its key, and a mode in which a proxy shows a certificate. */
function validateOwnCertificate(route: EnvironmentOptions["routes"][number]): Violation[] {
    const { originates } = traits(route.mode);
    return [
        ...validateHalf(route),
        ...(route.hasCertificate && originates !== "MUTUAL"
            ? [
                  {
                      path: "certificate",
                      problem: `has no effect in mode ${route.mode}, in which no proxy shows a client certificate`,
                      expected: "no certificate, or a mode of mutual TLS",
                      fix: "Remove it, or choose mutualTls",
                  },
              ]
            : []),
    ];
}

/** cert-manager writes the gateway's secrets, and Istio reads them. */
function validateForCertManager(route: EnvironmentOptions["routes"][number]): Violation[] {
    const { originates, throughGateway } = traits(route.mode);
    if (originates !== "MUTUAL" || route.hasCertificate) {
        return [];
    }
    const violation = (path: string, value: string, expected: string): Violation => ({
        path,
        value,
        problem: "needs a certificate that the stack delivers, but cert-manager delivers this one",
        expected,
        fix: "Change it, set certificate and privateKey of the route, or choose pki: pulumi",
    });
    return [
        ...(throughGateway ? [] : [violation("mode", route.mode, "a mode of mutual TLS through the gateway")]),
        ...(route.credentialSource === "files" ? [violation("credentialSource", "files", "sds")] : []),
    ];
}

/** A connection keeps its first certificate, so it must end before that certificate expires. */
function validateOldConnections(maxConnectionSeconds: number, renewalHours: number): Violation[] {
    const window = renewalHours * 3600;
    if (maxConnectionSeconds < window || Number.isNaN(maxConnectionSeconds) || Number.isNaN(window)) {
        return [];
    }
    return [
        {
            path: "maxConnectionSeconds",
            value: maxConnectionSeconds,
            problem: "is not shorter than the renewal window, so a connection could outlive its certificate",
            expected: `less than ${window} seconds, the ${renewalHours} hours of certificates.leaf.renewalHours`,
            fix: "Lower it, or raise certificates.leaf.renewalHours",
        },
    ];
}

/**
 * The add-on's control plane and its gateway must be used together, and the gateway has no port for the applications'
 * own TLS.
 */
function validateAddonParts({ mesh, gateway, routes }: EnvironmentOptions): Violation[] {
    const managed = { mesh: mesh.addonSettings !== undefined, gateway: gateway.addonSettings !== undefined };
    if (managed.mesh !== managed.gateway) {
        return [
            {
                path: managed.mesh ? "gateway.addon" : "gateway",
                problem: managed.mesh
                    ? "is missing, but the mesh is the add-on, which has no chart for another gateway"
                    : "selects the add-on's gateway, but the mesh is not the add-on",
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

function validateSharedNamespaces({
    mesh,
    gateway,
    server,
    callerNamespaces,
    lockdown,
}: EnvironmentOptions): Violation[] {
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
                      expected: "a separate namespace",
                      fix: "Choose another namespace",
                  },
              ];
    });
}

function validateEnvironmentLockdown({ lockdown, mesh, gateway, routes }: EnvironmentOptions): Violation[] {
    if (lockdown === undefined) {
        return [];
    }
    const { plaintextPort = false } = gateway;
    const places = { gateway, meshNamespace: mesh.namespace, plaintextPort };
    const past = routes.flatMap(({ mode, allowFrom }, index): Violation[] => {
        const locked = callerNamespaces(allowFrom).find((namespace) => lockdown.namespaces.includes(namespace));
        return locked === undefined || traits(mode).throughGateway
            ? []
            : [
                  {
                      path: `routes[${index}].mode`,
                      value: mode,
                      problem: `does not use the gateway, but the lockdown of ${JSON.stringify(locked)} allows only calls through it`,
                      expected: "a mode that goes through the gateway",
                      fix: "Choose another mode, or remove the namespace from the lockdown",
                  },
              ];
    });
    // The add-on's gateway always leaves through a static egress gateway.
    const staticEgressGateway = lockdown.staticEgressGateway || gateway.addonSettings !== undefined;
    return [
        ...under("lockdown", [
            ...validateLockdown({ ...lockdown, staticEgressGateway }),
            ...validateLockdownContext(
                { ...lockdown, namespaces: lockdown.createNamespaces ? [] : lockdown.namespaces },
                places,
            ),
        ]),
        ...past,
        ...routes.flatMap(({ address }, index) => validateRouteAddress(`routes[${index}].address`, address, lockdown)),
    ];
}

function validateUnallowedProbe(probe: NonNullable<EnvironmentOptions["probe"]>, routes: RouteOptions[]): Violation[] {
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
