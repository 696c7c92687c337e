import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CertificateDetails } from "../../plan/pki/certificateDetails";
import { GatewayReference } from "../egress/gatewayReference";
import { EgressEnvironmentArgs, EnvironmentRoute } from "./egressEnvironmentArgs";
import { CertManagerChain } from "../pki/certManagerChain";
import { CertificateChain } from "../pki/certificateChain";
import { CredentialWorkload, EgressCredential } from "../pki/egressCredential";
import { MtlsServer } from "../upstream/mtlsServer";

/** Certificates of an environment, from the stack or from cert-manager. */
export interface EnvironmentCertificates {
    /** CA certificates of the client certificates, for partners, PEM. */
    authorities: pulumi.Output<string>;
    facts: pulumi.Output<CertificateDetails[]>;
    server?: MtlsServer;
    /** Creates the credential of a route. */
    credential(request: RouteCredentialOptions): RouteCredential;
}

export interface RouteCredentialOptions {
    route: EnvironmentRoute;
    /** A client certificate of the environment, the route's own, or only a CA for the server. */
    kind: "client" | "own" | "ca";
    /** The workloads whose sidecars use it. Default: the gateway uses it. */
    workload?: CredentialWorkload;
    opts: pulumi.ComponentResourceOptions;
}

export interface RouteCredential {
    secretName: pulumi.Output<string>;
    /** Changes when an update delivers another certificate. */
    version: pulumi.Output<string>;
}

interface Surroundings {
    name: string;
    gateway: GatewayReference;
    /** Routes with a client certificate of the environment. */
    clients: EnvironmentRoute[];
    child: { parent: pulumi.Resource };
}

/** Certificates that the stack issues, and that its updates renew. */
export function stackCertificates(
    args: EgressEnvironmentArgs,
    { name, gateway, clients, child }: Surroundings,
): EnvironmentCertificates {
    const chain = new CertificateChain(
        `${name}-chain`,
        {
            ...args.certificates,
            serverHosts: args.server?.hosts,
            clients: clients.map((route) => ({
                name: route.name,
                commonName: route.clientName,
                rotationTrigger: route.rotationTrigger,
            })),
        },
        child,
    );
    const server =
        args.server &&
        new MtlsServer(
            `${name}-server`,
            {
                ...args.server,
                certificate: chain.serverCertificate,
                privateKey: chain.serverKey,
                clientCa: chain.caCertificates,
                minRemainingHours: 0,
            },
            child,
        );
    return {
        authorities: chain.caCertificates,
        facts: chain.certificates,
        server,
        credential: (request) =>
            pemCredential(name, gateway, chain.caCertificates, request, {
                certificate: chain.clientCertificates.apply((all) => all[request.route.name]),
                privateKey: chain.clientKeys.apply((all) => all[request.route.name]),
                clientCa: chain.caCertificates,
                minRemainingHours: 0,
                crl: request.route.serverCa === undefined ? chain.crls : undefined,
            }),
    };
}

/** Certificates that cert-manager issues and renews in the cluster, without the stack. */
export function clusterCertificates(
    args: EgressEnvironmentArgs,
    { name, gateway, clients, child }: Surroundings,
): EnvironmentCertificates {
    const { organization, keyAlgorithm, root, leaf } = args.certificates ?? {};
    const serverSecret = `${name}-server`;
    const [clientCa, setClientCa] = pulumi.deferredOutput<string>();
    // Created before its certificate, whose secret is in its namespace. It starts once both authorities exist.
    const server =
        args.server &&
        new MtlsServer(`${name}-server`, { ...args.server, certificateSecret: serverSecret, clientCa }, child);
    const chain = new CertManagerChain(
        `${name}-chain`,
        {
            ...args.certManager,
            organization,
            keyAlgorithm,
            root,
            leaf,
            gateway,
            serverHosts: args.server?.hosts,
            serverNamespace: server?.namespace,
            serverSecret,
            clients: clients.map((route) => ({ name: route.name, commonName: route.clientName })),
        },
        child,
    );
    setClientCa(chain.caCertificates);
    return {
        authorities: chain.caCertificates,
        facts: chain.certificates,
        server,
        credential: (request) => {
            const { route, kind } = request;
            if (kind !== "client") {
                return pemCredential(name, gateway, chain.serverCa, request);
            }
            const secretName = chain.clientSecrets.apply((all) => all[route.name]);
            if (route.serverCa === undefined && server === undefined) {
                return { secretName, version: secretName };
            }
            // Next to the credential, and takes precedence over its ca.crt, which is the CA of its own certificate.
            const partner = pemCredential(name, gateway, chain.serverCa, { ...request, kind: "ca" });
            const both = pulumi.all([secretName, partner.secretName]).apply(([known]) => known);
            return { secretName: both, version: secretName };
        },
    };
}

interface ClientPem {
    certificate?: pulumi.Input<string>;
    privateKey?: pulumi.Input<string>;
    clientCa?: pulumi.Input<string>;
    minRemainingHours?: number;
    crl?: pulumi.Input<string>;
}

/** A credential from PEM texts. `made` is the certificate of one of the environment's clients. */
function pemCredential(
    name: string,
    gateway: GatewayReference,
    authorities: pulumi.Output<string>,
    { route, kind, workload, opts }: RouteCredentialOptions,
    made: ClientPem = {},
): RouteCredential {
    const { certificate, privateKey, clientCa, minRemainingHours, crl }: ClientPem = {
        client: { ...made, crl: route.crl ?? made.crl },
        own: route,
        ca: { crl: route.crl },
    }[kind];
    const credential = new EgressCredential(
        `${name}-${route.name}-credential`,
        {
            ...(workload ? { workload } : { gateway }),
            secretName: route.name,
            certificate,
            privateKey,
            clientCa,
            minRemainingHours,
            crl,
            serverCa: route.serverCa ?? authorities,
        },
        opts,
    );
    return { secretName: credential.secretName, version: pulumi.output(certificate ?? "").apply(fingerprint) };
}

function fingerprint(certificate: string): string {
    return createHash("sha256").update(certificate).digest("hex");
}
