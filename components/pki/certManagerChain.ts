import { CertManager } from "@pulumi/kubernetes-cert-manager/certManager";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { CertificateDetails, certificateDetails } from "../../plan/pki/certificateDetails";
import {
    CertManagerObject,
    CertManagerOptions,
    EndCertificate,
    authorityObjects,
    endCertificate,
    validateCertManager,
} from "../../plan/pki/certManager";
import { CertificateLifetime, DEFAULT_LIFETIMES } from "../../plan/pki/chain";
import { CERT_MANAGER_CHART_REPOSITORY, CERT_MANAGER_VERSION } from "../../plan/shared/officialSources";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { KeyAlgorithm } from "../../plan/pki/keyAlgorithm";
import { checkedArguments } from "../internal/checkedArguments";

/** One client certificate that cert-manager keeps. */
export interface CertManagerClient {
    /** Name by which the chain's outputs list it; unique in the chain. */
    name: string;
    /** Name of its secret in the gateway's namespace; never ending in `-cacert`. Default: `name`. */
    secretName?: string;
    /** Common name of its subject, which the server logs. Default: `name`. */
    commonName?: pulumi.Input<string>;
}

/** What is decided about certificates of cert-manager wherever they are made. */
export interface CertManagerSettings {
    /** Installs cert-manager v1.21.2 from its own Helm repository into `namespace`. Default: false, the cluster has one. */
    install?: boolean;
    /** cert-manager's namespace for what belongs to no namespace, where the authority's key is. Default: `cert-manager`. */
    namespace?: string;
}

export interface CertManagerChainArgs extends CertManagerSettings {
    /** The gateway that shows the client certificates: their secrets are made in its namespace. */
    gateway: GatewayReference;
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /** Algorithm of every key. Default: `ecdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /** Lifetime of the root. Default: 10 years, renewed 3 years before the end. */
    root?: CertificateLifetime;
    /** Lifetime of server and client certificates; at most the root's renewal window. Default: 90 days, 30 days. */
    leaf?: CertificateLifetime;
    /** DNS names of the server certificate. Default: no server certificate. */
    serverHosts?: string[];
    /** Namespace for the server's secret. Default: the gateway's. */
    serverNamespace?: pulumi.Input<string>;
    /** Name of the server's secret. Default: the component's name and `-server`. */
    serverSecret?: string;
    /** The client certificates. Default: none. */
    clients?: CertManagerClient[];
}

/**
 * What a `CertificateChain` is, kept by cert-manager: an authority, and certificates for server and clients as secrets
 * where they are used, with `ca.crt`. They are renewed in the cluster, without an update of the stack; the outputs are
 * those of the last one.
 */
export class CertManagerChain extends pulumi.ComponentResource {
    /** The root, PEM: what a server trusts clients by, and a client the server. */
    public readonly caCertificates: pulumi.Output<string>;
    /** The server certificate, PEM; empty without `serverHosts`. */
    public readonly serverCertificate: pulumi.Output<string>;
    /** Its private key, PEM (PKCS #8), a secret; empty without `serverHosts`. */
    public readonly serverKey: pulumi.Output<string>;
    /** By client name: the certificate, PEM. */
    public readonly clientCertificates: pulumi.Output<Record<string, string>>;
    /** By client name: the private key, PEM (PKCS #8), a secret. */
    public readonly clientKeys: pulumi.Output<Record<string, string>>;
    /** Empty: cert-manager's CA issuer makes no revocation lists. */
    public readonly crls: pulumi.Output<string>;
    /** The facts of every certificate, as of the last update. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;
    /** By client name: the name of its secret, for a route's `credential`; known once it is there. */
    public readonly clientSecrets: pulumi.Output<Record<string, string>>;
    /** Name of the server's secret, for an `MtlsServer`; known once it is there, and empty without `serverHosts`. */
    public readonly serverSecret: pulumi.Output<string>;

    constructor(name: string, args: CertManagerChainArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("CertManagerChain", name, args);
        const shape = certManagerOptions(name, args);
        assertValid("CertManagerChain", name, validateCertManager(shape));
        super("mesh-egress:index:CertManagerChain", name, args, opts);

        const child = { parent: this };
        const installed = args.install
            ? new CertManager(
                  `${name}-cert-manager`,
                  {
                      installCRDs: true,
                      helmOptions: {
                          namespace: shape.namespace,
                          createNamespace: true,
                          version: CERT_MANAGER_VERSION,
                          repositoryOpts: { repo: CERT_MANAGER_CHART_REPOSITORY },
                      },
                  },
                  child,
              )
            : undefined;
        const request = pulumi.output({
            name,
            namespace: shape.namespace,
            organization: args.organization ?? "mesh-egress",
            keyAlgorithm: args.keyAlgorithm ?? KeyAlgorithm.EcdsaP256,
            root: shape.root,
            leaf: shape.leaf,
        });
        const make = (
            child: string,
            kind: CertManagerObject["kind"],
            object: pulumi.Output<CertManagerObject>,
            dependsOn: pulumi.Resource[],
        ) => {
            const { metadata, spec } = object;
            return new CustomResource(
                `${name}-${child}`,
                { apiVersion: "cert-manager.io/v1", kind, metadata, spec },
                { parent: this, dependsOn },
            );
        };
        const authority = request.apply(authorityObjects);
        const selfSigned = make("self-signed", "ClusterIssuer", authority.selfSigned, installed ? [installed] : []);
        const root = make("root", "Certificate", authority.root, [selfSigned]);
        const issuer = make("issuer", "ClusterIssuer", authority.issuer, [root]);
        const end = (child: string, wanted: pulumi.Output<EndCertificate>) => {
            const object = pulumi.all([request, wanted]).apply(([known, one]) => endCertificate(known, one));
            const certificate = make(child, "Certificate", object, [issuer]);
            // The secret has the certificate's namespace and name, and is there once the certificate is ready.
            return Secret.get(`${name}-${child}-secret`, certificate.id, { parent: this });
        };
        const hosts = shape.serverHosts;
        const server =
            hosts &&
            end(
                "server",
                pulumi.output({
                    secretName: shape.serverSecret,
                    namespace: args.serverNamespace ?? args.gateway.namespace,
                    dnsNames: hosts,
                    purpose: "server" as const,
                }),
            );
        const clients = (args.clients ?? []).map((client, index) => ({
            name: client.name,
            secret: end(
                `client-${client.name}`,
                pulumi.output({
                    secretName: shape.clients[index].secretName,
                    namespace: args.gateway.namespace,
                    commonName: client.commonName ?? client.name,
                    purpose: "client" as const,
                }),
            ),
        }));
        const byClient = <T>(value: (secret: Secret) => pulumi.Output<T>) =>
            pulumi.output(Object.fromEntries(clients.map((client) => [client.name, value(client.secret)])));

        const ends = [...(server ? [{ name: "server", secret: server }] : []), ...clients];
        const rootCertificate = ends.length > 0 ? read(ends[0].secret, "ca.crt") : pulumi.output("");
        this.caCertificates = rootCertificate;
        this.serverCertificate = server ? read(server, "tls.crt") : pulumi.output("");
        this.serverKey = pulumi.secret(server ? read(server, "tls.key") : "");
        this.clientCertificates = byClient((secret) => read(secret, "tls.crt"));
        this.clientKeys = pulumi.secret(byClient((secret) => read(secret, "tls.key")));
        this.crls = pulumi.output("");
        this.certificates = pulumi.all([
            rootCertificate.apply((pem) => certificateDetails("root", pem, shape.root.renewalHours)),
            ...ends.map(({ name: end, secret }) =>
                read(secret, "tls.crt").apply((pem) =>
                    certificateDetails(end === "server" ? end : `client-${end}`, pem, shape.leaf.renewalHours),
                ),
            ),
        ]);
        this.clientSecrets = byClient((secret) => secret.metadata.name);
        this.serverSecret = server ? server.metadata.name : pulumi.output("");
        this.registerOutputs();
    }
}

/** One file of a secret; certificates are read from secrets too, and are none. */
function read(secret: Secret, file: string): pulumi.Output<string> {
    const text = secret.data.apply((data) => Buffer.from(data[file] ?? "", "base64").toString());
    return file === "tls.key" ? pulumi.secret(text) : pulumi.unsecret(text);
}

/** The arguments with their defaults, as `plan/` takes them. */
export function certManagerOptions(name: string, args: Omit<CertManagerChainArgs, "gateway">): CertManagerOptions {
    return {
        namespace: args.namespace ?? "cert-manager",
        serverHosts: args.serverHosts,
        serverSecret: args.serverSecret ?? `${name}-server`,
        clients: (args.clients ?? []).map((client) => ({
            name: client.name,
            secretName: client.secretName ?? client.name,
        })),
        root: args.root ?? DEFAULT_LIFETIMES.root,
        leaf: args.leaf ?? DEFAULT_LIFETIMES.leaf,
    };
}
