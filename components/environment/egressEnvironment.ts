import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { allowsCaller } from "../../plan/shared/caller";
import { CertificateDetails } from "../../plan/pki/certificateDetails";
import { EnvironmentOptions, validateEnvironment } from "../../plan/environment/environment";
import { traits } from "../../plan/egress/route/modes";
import { resolvedLockdown } from "../../plan/egress/lockdown/options";
import { EgressLockdown } from "../egress/egressLockdown";
import { EgressProbe, probeOptions, PROBE_DEFAULTS } from "../egress/egressProbe";
import { CredentialSource, EgressMode } from "../../plan/egress/route/options";
import { Pki } from "../../plan/environment/pki";
import { isWildcard } from "../../plan/shared/wildcard";
import { EgressRoute, EgressRouteSettings, routeOptions } from "../egress/egressRoute";
import { EgressEnvironmentArgs, EnvironmentRoute } from "./egressEnvironmentArgs";
import { RouteCredentialOptions, clusterCertificates, stackCertificates } from "./environmentCertificates";
import { EgressGateway, gatewaySettings } from "../mesh/egressGateway";
import { ServiceMesh, meshOptions } from "../mesh/serviceMesh";
import { EgressAlerts, alertNumbers } from "../observability/egressAlerts";
import { EgressMetrics, METRICS_DEFAULTS } from "../observability/egressMetrics";
import { certManagerOptions } from "../pki/certManagerChain";
import { chainOptions } from "../pki/certificateChain";
import { warnOfMissingSwitches } from "../internal/providerSwitches";
import { assertValid } from "../internal/validation";
import { MtlsServerSettings, serverOptions } from "../upstream/mtlsServer";
import { digest } from "../internal/digest";
import { withoutKey } from "../internal/withoutKey";
import { checkedArguments } from "../internal/checkedArguments";

/**
 * A complete environment in a cluster: mesh, gateway, certificates, a server to call, credentials, routes, a lockdown
 * and a probe.
 */
export class EgressEnvironment extends pulumi.ComponentResource {
    /** Name of the gateway's service. */
    public readonly gatewayName: pulumi.Output<string>;
    /** Namespace of the gateway. */
    public readonly gatewayNamespace: pulumi.Output<string>;
    /**
     * The root and the intermediate that issue the client certificates, PEM. Partners add them to their trusted CAs.
     */
    public readonly clientCa: pulumi.Output<string>;
    /** Details of every certificate of the environment. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;
    /** DNS name of the environment's own server inside the cluster. Empty without `server`. */
    public readonly serverAddress: pulumi.Output<string>;
    /** With `metrics`, the entry of `scrape_configs` for a Prometheus without an operator, as JSON; empty otherwise. */
    public readonly scrapeConfig: pulumi.Output<string>;
    /** Hosts of each route, by the route's name. Known once the route exists. */
    public readonly hosts: pulumi.Output<Record<string, string[]>>;

    constructor(name: string, args: EgressEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressEnvironment", name, args);
        assertValid("EgressEnvironment", name, validateEnvironment(environmentOptions(name, args)));
        super("mesh-egress:index:EgressEnvironment", name, { ...args, routes: args.routes.map(withoutKey) }, opts);

        warnOfMissingSwitches(this, opts);
        const { credentials, clients, gatewayArgs } = derived(args);
        const child = { parent: this };
        const mesh = new ServiceMesh(`${name}-mesh`, args.mesh, child);
        const gateway = new EgressGateway(`${name}-gateway`, { ...gatewayArgs, mesh }, child);
        const make = args.pki === Pki.CertManager ? clusterCertificates : stackCertificates;
        const certificates = make(args, { name, gateway, clients, child });
        const { server } = certificates;
        const namespaces = (args.callerNamespaces ?? []).map(
            (namespace) =>
                new Namespace(
                    `${name}-${namespace}`,
                    { metadata: { name: namespace, labels: injectionLabels(args.mesh?.revision) } },
                    // A pod that is created before istiod's webhook would have no sidecar.
                    { ...child, dependsOn: mesh },
                ),
        );

        const opened = args.routes.map((route, index) => {
            const { throughGateway } = traits(modeOf(route));
            const kind = credentials[index];
            const credential =
                kind === "none"
                    ? undefined
                    : certificates.credential({
                          route,
                          kind,
                          workload: throughGateway ? undefined : route.allowFrom[0],
                          opts: { ...child, dependsOn: namespaces },
                      });
            const opening = new EgressRoute(
                `${name}-${route.name}`,
                {
                    ...withoutCertificate(route),
                    gateway: throughGateway ? gateway : undefined,
                    credential: credential?.secretName,
                    address: route.address ?? (atServer(route, args.server) ? server?.address : undefined),
                },
                // Objects of routes without the gateway are in a caller's namespace, and need istiod's webhook.
                { ...child, dependsOn: [mesh, ...namespaces] },
            );
            return { route, opening, credential };
        });

        const metrics = args.metrics && new EgressMetrics(`${name}-metrics`, { ...args.metrics, gateway }, child);
        if (args.alerts) {
            // Names in an environment of version 0.1.
            const aliases = [{ type: "mesh-egress:index:CertificateAlerts" }];
            new EgressAlerts(`${name}-alerts`, { ...args.alerts, gateway }, { ...child, aliases });
        }
        const environment = pulumi.output([args.mesh, args.gateway, args.routes.map(withoutCertificate)]).apply(digest);
        const lockdown =
            args.lockdown &&
            new EgressLockdown(
                `${name}-lockdown`,
                {
                    proxyImages: args.mesh?.hub === undefined ? undefined : [`${args.mesh.hub}/proxyv2`],
                    ...args.lockdown,
                    checkTriggers: { ...args.lockdown.checkTriggers, environment },
                    gateway,
                    mesh,
                    routes: opened.map(({ opening }) => opening),
                },
                child,
            );

        if (args.probe) {
            const { namespace, serviceAccount = "default" } = args.probe;
            for (const { route, opening, credential } of opened.filter(({ route }) =>
                allowsCaller(route.allowFrom, namespace, serviceAccount),
            )) {
                // The hosts of a wildcard are not known.
                for (const [index, host] of route.hosts.filter((one) => !isWildcard(one)).entries()) {
                    new EgressProbe(
                        `${name}-${route.name}-probe${index === 0 ? "" : `-${index + 1}`}`,
                        { ...args.probe, host, triggers: { certificate: credential?.version ?? "" } },
                        { ...child, dependsOn: [...namespaces, opening, ...(lockdown ? [lockdown] : [])] },
                    );
                }
            }
        }

        this.gatewayName = gateway.gatewayName;
        this.gatewayNamespace = gateway.namespace;
        this.clientCa = certificates.authorities;
        this.certificates = certificates.facts;
        this.serverAddress = pulumi.output(server?.address ?? "");
        this.scrapeConfig = metrics?.scrapeConfig ?? pulumi.output("");
        this.hosts = pulumi.output(Object.fromEntries(opened.map(({ route, opening }) => [route.name, opening.hosts])));
        this.registerOutputs();
    }
}

/** Values that follow from several arguments. */
function derived(args: EgressEnvironmentArgs) {
    const credentials = args.routes.map((route) => routeCredential(route, args.server));
    const clients = args.routes.filter((_, index) => credentials[index] === "client");
    const mounted = args.routes
        .filter((route) => route.credentialSource === CredentialSource.Files)
        .map((route) => route.name);
    return {
        credentials,
        clients,
        gatewayArgs: {
            ...args.gateway,
            mountedCredentials: [...(args.gateway?.mountedCredentials ?? []), ...mounted],
        },
    };
}

/** Properties of an environment's surroundings, which are created before it. */
export interface EnvironmentContext {
    /** Whether AKS runs the gateway. Default: according to the arguments. */
    isAddonGateway?: boolean;
    /** Whether the environment's surroundings create the CA of a route's servers. Default: false for all routes. */
    makesServerCa?: (route: EnvironmentRoute) => boolean;
    /** Whether alerts go to Azure's managed Prometheus. Default: according to the arguments. */
    hasManagedRules?: boolean;
}

/** The arguments with their defaults, in the form of `plan/`. */
export function environmentOptions(
    name: string,
    args: EgressEnvironmentArgs,
    { isAddonGateway, makesServerCa = () => false, hasManagedRules }: EnvironmentContext = {},
): EnvironmentOptions {
    const { credentials, clients, gatewayArgs } = derived(args);
    return {
        mesh: meshOptions(args.mesh ?? {}),
        gateway: gatewaySettings(gatewayArgs, isAddonGateway),
        chain: chainOptions(args.certificates ?? {}),
        certManager: args.pki === Pki.CertManager ? environmentCertManager(name, args, clients) : undefined,
        server: args.server && serverOptions(args.server),
        routes: args.routes.map((route, index) => ({
            ...routeOptions(route),
            name: route.name,
            address: typeof route.address === "string" ? route.address : undefined,
            hasGateway: traits(modeOf(route)).throughGateway,
            hasMesh: false,
            hasCredential: credentials[index] !== "none",
            hasCertificate: route.certificate !== undefined,
            hasPrivateKey: route.privateKey !== undefined,
            hasServerCa: route.serverCa !== undefined || makesServerCa(route),
        })),
        metrics: args.metrics && {
            intervalSeconds: args.metrics.intervalSeconds ?? METRICS_DEFAULTS.intervalSeconds,
        },
        alerts: args.alerts && alertNumbers(args.alerts, hasManagedRules),
        callerNamespaces: args.callerNamespaces ?? [],
        lockdown: args.lockdown && resolvedLockdown(args.lockdown),
        probe: args.probe && {
            ...probeOptions({ ...args.probe, host: args.routes[0]?.hosts[0] ?? "" }),
            serviceAccount: args.probe.serviceAccount ?? PROBE_DEFAULTS.serviceAccount,
        },
    };
}

function modeOf(route: EnvironmentRoute): EgressMode {
    return route.mode ?? EgressMode.MutualTls;
}

/** Whether the environment's own server serves all hosts of the route. */
function atServer(route: EnvironmentRoute, server?: MtlsServerSettings): boolean {
    return route.hosts.every((host) => server?.hosts.includes(host));
}

/** Credential that the route's proxy needs: a client certificate, only a CA to verify the server, or neither. */
function routeCredential(
    route: EnvironmentRoute,
    server?: MtlsServerSettings,
): RouteCredentialOptions["kind"] | "none" {
    const { originates } = traits(modeOf(route));
    if (originates === "MUTUAL") {
        return route.certificate === undefined ? "client" : "own";
    }
    return originates === "SIMPLE" && (route.serverCa !== undefined || atServer(route, server)) ? "ca" : "none";
}

/** The settings of the route itself, without the certificate's key, which its arguments must not keep. */
function withoutCertificate(route: EnvironmentRoute): EgressRouteSettings {
    const settings: Partial<EnvironmentRoute> = { ...route };
    for (const key of [
        "name",
        "clientName",
        "rotationTrigger",
        "certificate",
        "privateKey",
        "clientCa",
        "minRemainingHours",
        "crl",
        "serverCa",
    ] as const) {
        delete settings[key];
    }
    return settings as EgressRouteSettings;
}

function environmentCertManager(name: string, args: EgressEnvironmentArgs, clients: EnvironmentRoute[]) {
    const { certificates = {}, routes, server } = args;
    const onlyOfStack = [
        ...(["intermediate", "generations", "rotationTrigger", "revoked"] as const)
            .filter((setting) => certificates[setting] !== undefined)
            .map((setting) => `certificates.${setting}`),
        ...routes.flatMap(({ rotationTrigger }, index) =>
            rotationTrigger === undefined ? [] : [`routes[${index}].rotationTrigger`],
        ),
    ];
    const shape = { ...args.certManager, ...certificates, serverHosts: server?.hosts };
    const named = clients.map((route) => ({ name: route.name }));
    return { ...certManagerOptions(name, { ...shape, clients: named }), onlyOfStack };
}

function injectionLabels(revision?: string): Record<string, string> {
    return revision ? { "istio.io/rev": revision } : { "istio-injection": "enabled" };
}
