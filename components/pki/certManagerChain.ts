import * as certManagerModule from "@pulumi/kubernetes-cert-manager/certManager";
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
import { DEFAULT_ORGANIZATION, CertificateLifetime, DEFAULT_LIFETIMES } from "../../plan/pki/chain";
import { CERT_MANAGER_CHART_REPOSITORY, CERT_MANAGER_VERSION } from "../../plan/shared/officialSources";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { KeyAlgorithm } from "../../plan/pki/keyAlgorithm";
import { checkedArguments } from "../internal/checkedArguments";

const certManagerProvider = optionalModule<typeof certManagerModule>("@pulumi/kubernetes-cert-manager/certManager");

/** A client certificate that cert-manager issues and renews. */
export interface CertManagerClient {
    /** Its key in the chain's outputs. Unique in the chain. */
    name: string;
    /** Name of its secret in the gateway's namespace. Must not end in `-cacert`. Default: `name`. */
    secretName?: string;
    /**
     * Common name of its subject, which the server sees. Default: `name`.
     *
     * @example "payments.example"
     */
    commonName?: pulumi.Input<string>;
}

/** Options of certificates of cert-manager that do not depend on the gateway. */
export interface CertManagerSettings {
    /**
     * Whether to install cert-manager v1.21.2 from its own Helm repository into `namespace`. Default: false; the
     * cluster has one.
     */
    install?: boolean;
    /** Namespace that `install` creates for cert-manager. Default: `cert-manager`. */
    namespace?: string;
}

/** What applies where an option is left out. */
export const CERT_MANAGER_DEFAULTS = { namespace: "cert-manager" } as const satisfies Partial<CertManagerSettings>;

export interface CertManagerChainArgs extends CertManagerSettings {
    /** The gateway that uses the client certificates. Their secrets are created in its namespace. */
    gateway: GatewayReference;
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /** Algorithm of every key. Default: `ecdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /**
     * Lifetime of the root. Default: 10 years, renewed 3 years before the end.
     *
     * @example { validityHours: 87600, renewalHours: 26280 }
     */
    root?: CertificateLifetime;
    /**
     * Lifetime of server and client certificates, at most as long as the root's renewal window. Default: 90 days,
     * renewed 30 days before the end.
     *
     * @example { validityHours: 2160, renewalHours: 720 }
     */
    leaf?: CertificateLifetime;
    /**
     * DNS names of the server certificate. Default: no server certificate.
     *
     * @example ["mtls.partner.example"]
     */
    serverHosts?: string[];
    /** Namespace of the server's secret and of the authority that issues it. Default: the gateway's. */
    serverNamespace?: pulumi.Input<string>;
    /** Name of the server's secret. Default: the component's name followed by `-server`. */
    serverSecret?: string;
    /**
     * The client certificates. Default: none.
     *
     * @example [{ name: "partner", secretName: "partner-client" }]
     */
    clients?: CertManagerClient[];
}

/**
 * The same as a `CertificateChain`, but issued by cert-manager: certificates for a server and clients, as secrets with
 * `ca.crt` in the namespaces that use them. cert-manager renews them without an update of the stack. The outputs have
 * the certificates of the last update.
 *
 * The clients have an authority in the gateway's namespace, and the server has its own in its namespace. Each is a
 * namespaced `Issuer`, from which a `Certificate` in another namespace cannot be issued.
 */
export class CertManagerChain extends pulumi.ComponentResource {
    /**
     * Root of the clients' authority, PEM, for servers to trust. Without clients, the root of the server's authority.
     */
    public readonly caCertificates: pulumi.Output<string>;
    /** Root of the server's authority, PEM, for clients to trust. Empty without `serverHosts`. */
    public readonly serverCa: pulumi.Output<string>;
    /** The server certificate, PEM. Empty without `serverHosts`. */
    public readonly serverCertificate: pulumi.Output<string>;
    /** Its private key, PEM (PKCS #8), a secret. Empty without `serverHosts`. */
    public readonly serverKey: pulumi.Output<string>;
    /** Client certificates, PEM, by client name. */
    public readonly clientCertificates: pulumi.Output<Record<string, string>>;
    /** Private keys of the clients, PEM (PKCS #8), by client name. A secret. */
    public readonly clientKeys: pulumi.Output<Record<string, string>>;
    /** Empty: cert-manager's CA issuer creates no revocation lists. */
    public readonly crls: pulumi.Output<string>;
    /** Details of every certificate, as of the last update. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;
    /** Names of the clients' secrets, by client name, for a route's `credential`. Known once the secrets exist. */
    public readonly clientSecrets: pulumi.Output<Record<string, string>>;
    /** Name of the server's secret, for an `MtlsServer`. Known once the secret exists. Empty without `serverHosts`. */
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
        /**
         * An authority in a namespace, and the certificates that it issues there. Creates nothing without certificates.
         */
        const authority = (prefix: string, namespace: pulumi.Input<string>, ends: NamedEnd[]): Authority => {
            if (ends.length === 0) {
                return { root: pulumi.output(""), issued: [], facts: [] };
            }
            const request = pulumi.output({
                name: `${name}${prefix && `-${prefix}`}`,
                namespace,
                organization: args.organization ?? DEFAULT_ORGANIZATION,
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
                // The secret has the certificate's namespace and name, and exists once the certificate is ready.
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

/** A certificate to issue, with the suffix of its resource's name. */
interface NamedEnd {
    child: string;
    end: pulumi.Input<EndCertificate>;
}

interface Authority {
    /** Its certificate, PEM. Empty if there is none. */
    root: pulumi.Output<string>;
    issued: { child: string; secret: Secret }[];
    facts: pulumi.Output<CertificateDetails>[];
}

/** One file of a secret. Certificates, which are not secret, are read from secrets too. */
function read(secret: Secret, file: string): pulumi.Output<string> {
    const text = secret.data.apply((data) => Buffer.from(data[file] ?? "", "base64").toString());
    return file === "tls.key" ? pulumi.secret(text) : pulumi.unsecret(text);
}

/** The arguments with their defaults, in the form of `plan/`. */
export function certManagerOptions(name: string, args: Omit<CertManagerChainArgs, "gateway">): CertManagerOptions {
    return {
        namespace: args.namespace ?? CERT_MANAGER_DEFAULTS.namespace,
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
