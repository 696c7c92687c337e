import type * as certManagerModule from "@pulumi/kubernetes-cert-manager/certManager";
import { optionalModule } from "../internal/optionalPackage";
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

const certManagerProvider = optionalModule<typeof certManagerModule>("@pulumi/kubernetes-cert-manager/certManager");

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
    /** Namespace that `install` makes for cert-manager. Default: `cert-manager`. */
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
    /** Namespace for the server's secret and for the authority that issues it. Default: the gateway's. */
    serverNamespace?: pulumi.Input<string>;
    /** Name of the server's secret. Default: the component's name and `-server`. */
    serverSecret?: string;
    /** The client certificates. Default: none. */
    clients?: CertManagerClient[];
}

/**
 * What a `CertificateChain` is, kept by cert-manager: certificates for server and clients as secrets where they are used,
 * with `ca.crt`. They are renewed in the cluster, without an update of the stack; the outputs are those of the last one.
 *
 * The clients have an authority in the gateway's namespace, and the server one of its own in its namespace. Each is a
 * namespaced `Issuer`: a `Certificate` in any other namespace gets nothing from it.
 */
export class CertManagerChain extends pulumi.ComponentResource {
    /** Root of the clients' authority, PEM: what a server trusts them by. Without clients that of the server's. */
    public readonly caCertificates: pulumi.Output<string>;
    /** Root of the server's authority, PEM: what a client trusts the server by; empty without `serverHosts`. */
    public readonly serverCa: pulumi.Output<string>;
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
            ? new certManagerProvider.CertManager(
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
        /** An authority in a namespace, and the certificates that it issues there; nothing where there are none. */
        const authority = (prefix: string, namespace: pulumi.Input<string>, ends: NamedEnd[]): Authority => {
            if (ends.length === 0) {
                return { root: pulumi.output(""), issued: [], facts: [] };
            }
            const request = pulumi.output({
                name: `${name}${prefix && `-${prefix}`}`,
                namespace,
                organization: args.organization ?? "mesh-egress",
                keyAlgorithm: args.keyAlgorithm ?? KeyAlgorithm.EcdsaP256,
                root: shape.root,
                leaf: shape.leaf,
            });
            const objects = request.apply(authorityObjects);
            const part = (what: string) => `${prefix && `${prefix}-`}${what}`;
            const selfSigned = make(part("self-signed"), "Issuer", objects.selfSigned, installed ? [installed] : []);
            const ca = make(part("root"), "Certificate", objects.root, [selfSigned]);
            const issuer = make(part("issuer"), "Issuer", objects.issuer, [ca]);
            const issued = ends.map(({ child, end }) => {
                const object = pulumi.all([request, end]).apply(([known, wanted]) => endCertificate(known, wanted));
                const certificate = make(child, "Certificate", object, [issuer]);
                // The secret has the certificate's namespace and name, and is there once the certificate is ready.
                return { child, secret: Secret.get(`${name}-${child}-secret`, certificate.id, { parent: this }) };
            });
            const root = read(issued[0].secret, "ca.crt");
            const facts = [
                root.apply((pem) => certificateDetails(part("root"), pem, shape.root.renewalHours)),
                ...issued.map(({ child, secret }) =>
                    read(secret, "tls.crt").apply((pem) => certificateDetails(child, pem, shape.leaf.renewalHours)),
                ),
            ];
            return { root, issued, facts };
        };
        const ofServer = authority(
            "server",
            args.serverNamespace ?? args.gateway.namespace,
            shape.serverHosts === undefined
                ? []
                : [
                      {
                          child: "server",
                          end: { secretName: shape.serverSecret, dnsNames: shape.serverHosts, purpose: "server" },
                      },
                  ],
        );
        const ofClients = authority(
            "",
            args.gateway.namespace,
            (args.clients ?? []).map((client, index) => ({
                child: `client-${client.name}`,
                end: pulumi.output({
                    secretName: shape.clients[index].secretName,
                    commonName: client.commonName ?? client.name,
                    purpose: "client" as const,
                }),
            })),
        );
        const server = ofServer.issued.at(0)?.secret;
        const clients = (args.clients ?? []).map(({ name }, index) => ({ name, ...ofClients.issued[index] }));
        const byClient = <T>(value: (secret: Secret) => pulumi.Output<T>) =>
            pulumi.output(Object.fromEntries(clients.map((client) => [client.name, value(client.secret)])));

        this.caCertificates = clients.length > 0 ? ofClients.root : ofServer.root;
        this.serverCa = ofServer.root;
        this.serverCertificate = server ? read(server, "tls.crt") : pulumi.output("");
        this.serverKey = pulumi.secret(server ? read(server, "tls.key") : "");
        this.clientCertificates = byClient((secret) => read(secret, "tls.crt"));
        this.clientKeys = pulumi.secret(byClient((secret) => read(secret, "tls.key")));
        this.crls = pulumi.output("");
        this.certificates = pulumi.all([...ofClients.facts, ...ofServer.facts]);
        this.clientSecrets = byClient((secret) => secret.metadata.name);
        this.serverSecret = server ? server.metadata.name : pulumi.output("");
        this.registerOutputs();
    }
}

/** A certificate to have, with the end of its resource's name. */
interface NamedEnd {
    child: string;
    end: pulumi.Input<EndCertificate>;
}

interface Authority {
    /** Its certificate, PEM; empty where there is none. */
    root: pulumi.Output<string>;
    issued: { child: string; secret: Secret }[];
    facts: pulumi.Output<CertificateDetails>[];
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
