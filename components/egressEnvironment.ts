import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { allowsCaller } from "../plan/caller";
import { refuseEnvironment } from "../plan/environment";
import { traits } from "../plan/route/modes";
import { EgressProbe, EgressProbeSettings, probeRequest } from "./egress/egressProbe";
import { CredentialSource, EgressMode, EgressRoute, EgressRouteSettings, routeShape } from "./egress/egressRoute";
import { EgressGateway, EgressGatewaySettings, gatewaySettings } from "./mesh/egressGateway";
import { ServiceMesh, ServiceMeshArgs, meshRequest } from "./mesh/serviceMesh";
import { CertificateChain, CertificateLifetime, KeyAlgorithm, chainRequest } from "./pki/certificateChain";
import { EgressCredential } from "./pki/egressCredential";
import { refuse } from "./refuse";
import { MtlsServer, MtlsServerSettings, serverRequest } from "./upstream/mtlsServer";

/** Settings of the environment's certificate chain. */
export interface CertificateSettings {
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /** Algorithm of every key. Default: `EcdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /** Lifetime of the root. Default: 10 years, renewed 3 years before the end. */
    root?: CertificateLifetime;
    /** Lifetime of the intermediate; at most as long as the root's renewal window. Default: 3 years, 1 year. */
    intermediate?: CertificateLifetime;
    /** Lifetime of server and client certificates; at most the intermediate's renewal window. Default: 90 days, 30 days. */
    leaf?: CertificateLifetime;
}

/** A route of an environment, with a client certificate of its own where its mode has one. */
export interface EnvironmentRoute extends EgressRouteSettings {
    /** Name of the route, of its client certificate and of its secret. */
    name: string;
    /** Common name in the client certificate, which the partner sees. Default: the route's name. */
    clientName?: pulumi.Input<string>;
    /**
     * The CA certificates of the partner's servers, PEM. Default: the environment's own chain, for hosts of `server`;
     * for others the CAs of the proxy's image in modes that originate simple TLS, and none in those of mutual TLS.
     */
    serverCa?: pulumi.Input<string>;
}

export interface EgressEnvironmentArgs {
    /** Istio's control plane. */
    mesh: ServiceMeshArgs;
    /** The egress gateway. Default: the gateway's defaults. */
    gateway?: EgressGatewaySettings;
    /** The certificate chain. Default: the chain's defaults. */
    certificates?: CertificateSettings;
    /** An nginx in the cluster that stands for the partner of those routes whose hosts it has. Default: none. */
    server?: MtlsServerSettings;
    /** The ways out. */
    routes: EnvironmentRoute[];
    /** Namespaces to create for callers, with a sidecar in every pod. Default: none. */
    callerNamespaces?: string[];
    /** Calls the first host of every route that allows it, and fails the update on a wrong answer. Default: no probe. */
    probe?: EgressProbeSettings;
}

/** Everything at once: mesh, gateway, certificates, a server to talk to, credentials, routes, and a probe of them. */
export class EgressEnvironment extends pulumi.ComponentResource {
    /** Name of the gateway's service. */
    public readonly gatewayName: pulumi.Output<string>;
    /** Namespace of the gateway. */
    public readonly gatewayNamespace: pulumi.Output<string>;
    /** The root and the intermediate that issue the client certificates, PEM: what partners trust them by. */
    public readonly clientCa: pulumi.Output<string>;
    /** DNS name of the environment's own server inside the cluster; empty without `server`. */
    public readonly serverAddress: pulumi.Output<string>;
    /** By route: the hosts that it opens; known once the route is there. */
    public readonly hosts: pulumi.Output<Record<string, string[]>>;

    constructor(name: string, args: EgressEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        const credentials = args.routes.map((route) => routeCredential(route, args.server));
        const clients = args.routes.filter((_, index) => credentials[index] === "client").map(client);
        const chain = { ...args.certificates, serverHosts: args.server?.hosts, clients };
        const mounted = args.routes
            .filter((route) => route.credentialSource === CredentialSource.Files)
            .map((route) => route.name);
        const gatewayArgs = {
            ...args.gateway,
            mountedCredentials: [...(args.gateway?.mountedCredentials ?? []), ...mounted],
        };
        refuse(
            "EgressEnvironment",
            name,
            refuseEnvironment({
                mesh: meshRequest(args.mesh),
                gateway: gatewaySettings(gatewayArgs),
                chain: chainRequest(chain),
                server: args.server && serverRequest(args.server),
                routes: args.routes.map((route, index) => ({
                    ...routeShape(route),
                    name: route.name,
                    hasGateway: traits(modeOf(route)).throughGateway,
                    hasMesh: false,
                    hasCredential: credentials[index] !== "none",
                    hasServerCa: route.serverCa !== undefined,
                })),
                callerNamespaces: args.callerNamespaces ?? [],
                probe: args.probe && {
                    ...probeRequest({ ...args.probe, host: args.routes[0]?.hosts[0] ?? "" }),
                    serviceAccount: args.probe.serviceAccount ?? "default",
                },
            }),
        );
        super("mesh-egress:index:EgressEnvironment", name, args, opts);

        const child = { parent: this };
        const mesh = new ServiceMesh(`${name}-mesh`, args.mesh, child);
        const gateway = new EgressGateway(`${name}-gateway`, { ...gatewayArgs, mesh }, child);
        const certificates = new CertificateChain(`${name}-chain`, chain, child);
        const server =
            args.server &&
            new MtlsServer(
                `${name}-server`,
                {
                    ...args.server,
                    certificate: certificates.serverCertificate,
                    privateKey: certificates.serverKey,
                    clientCa: certificates.caCertificates,
                },
                child,
            );
        const namespaces = (args.callerNamespaces ?? []).map(
            (namespace) =>
                new Namespace(
                    `${name}-${namespace}`,
                    { metadata: { name: namespace, labels: injectionLabels(args.mesh.revision) } },
                    // A pod that comes before istiod's webhook would stay without a sidecar.
                    { ...child, dependsOn: mesh },
                ),
        );

        const opened = args.routes.map((route, index) => {
            const { throughGateway } = traits(modeOf(route));
            const hasCertificate = credentials[index] === "client";
            const certificate = certificates.clientCertificates.apply((all) => all[route.name] ?? "");
            const credential =
                credentials[index] === "none"
                    ? undefined
                    : new EgressCredential(
                          `${name}-${route.name}-credential`,
                          {
                              ...(throughGateway ? { gateway } : { workload: route.allowFrom[0] }),
                              secretName: route.name,
                              ...(hasCertificate && {
                                  certificate,
                                  privateKey: certificates.clientKeys.apply((all) => all[route.name]),
                                  clientCa: certificates.caCertificates,
                              }),
                              serverCa: route.serverCa ?? certificates.caCertificates,
                          },
                          { ...child, dependsOn: namespaces },
                      );
            const opening = new EgressRoute(
                `${name}-${route.name}`,
                {
                    ...route,
                    gateway: throughGateway ? gateway : undefined,
                    credential: credential?.secretName,
                    address: route.address ?? (atServer(route, args.server) ? server?.address : undefined),
                },
                // What goes past the gateway lives in a caller's namespace, and needs istiod to take it.
                { ...child, dependsOn: [mesh, ...namespaces] },
            );
            return { route, opening, certificate };
        });

        if (args.probe) {
            const { namespace, serviceAccount = "default" } = args.probe;
            for (const { route, opening, certificate } of opened.filter(({ route }) =>
                allowsCaller(route.allowFrom, namespace, serviceAccount),
            )) {
                new EgressProbe(
                    `${name}-${route.name}-probe`,
                    { ...args.probe, host: route.hosts[0], triggers: { certificate: certificate.apply(fingerprint) } },
                    { ...child, dependsOn: [...namespaces, opening] },
                );
            }
        }

        this.gatewayName = gateway.gatewayName;
        this.gatewayNamespace = gateway.namespace;
        this.clientCa = certificates.caCertificates;
        this.serverAddress = pulumi.output(server?.address ?? "");
        this.hosts = pulumi.output(Object.fromEntries(opened.map(({ route, opening }) => [route.name, opening.hosts])));
        this.registerOutputs();
    }
}

function modeOf(route: EnvironmentRoute): EgressMode {
    return route.mode ?? EgressMode.MutualTls;
}

/** Whether the environment's own server stands for all hosts of the route. */
function atServer(route: EnvironmentRoute, server?: MtlsServerSettings): boolean {
    return route.hosts.every((host) => server?.hosts.includes(host));
}

/** What the route's proxy needs: a client certificate, a CA to verify the server by, or neither. */
function routeCredential(route: EnvironmentRoute, server?: MtlsServerSettings): "client" | "ca" | "none" {
    const { originates } = traits(modeOf(route));
    if (originates === "MUTUAL") {
        return "client";
    }
    return originates === "SIMPLE" && (route.serverCa !== undefined || atServer(route, server)) ? "ca" : "none";
}

function client(route: EnvironmentRoute) {
    return { name: route.name, commonName: route.clientName };
}

function injectionLabels(revision?: string): Record<string, string> {
    return revision ? { "istio.io/rev": revision } : { "istio-injection": "enabled" };
}

function fingerprint(certificate: string): string {
    return createHash("sha256").update(certificate).digest("hex");
}
