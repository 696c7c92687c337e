import * as pulumi from "@pulumi/pulumi";
import { CertRequest, LocallySignedCert, PrivateKey, SelfSignedCert } from "@pulumi/tls";
import { ChainRequest, DEFAULT_LIFETIMES, Lifetime, refuseChain } from "../../plan/chain";
import { refuse } from "../refuse";

/** Algorithm of a chain's keys. */
export enum KeyAlgorithm {
    /** ECDSA on P-256: the default. A signature costs the gateway a fraction of RSA's. */
    EcdsaP256 = "EcdsaP256",
    /** RSA with 2048 bits, for partners that take nothing else. */
    Rsa2048 = "Rsa2048",
    /** RSA with 4096 bits. */
    Rsa4096 = "Rsa4096",
}

/** How long a certificate is valid and when it is renewed. */
export interface CertificateLifetime {
    /** Hours from issue to expiry. */
    validityHours: number;
    /** Hours before expiry from which the next update issues a new one. Less than `validityHours`. */
    renewalHours: number;
}

/** One client certificate of a chain. */
export interface ClientCertificate {
    /** Name by which the chain's outputs list it; unique in the chain. */
    name: string;
    /** Common name of its subject, which the server logs. Default: `name`. */
    commonName?: pulumi.Input<string>;
    /** Organisation of its subject. Default: the chain's. */
    organization?: pulumi.Input<string>;
}

export interface CertificateChainArgs {
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /** DNS names of the server certificate. Default: no server certificate. */
    serverHosts?: string[];
    /** The client certificates. Default: none. */
    clients?: ClientCertificate[];
    /** Algorithm of every key. Default: `EcdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /** Lifetime of the root. Default: 10 years, renewed 3 years before the end. */
    root?: CertificateLifetime;
    /** Lifetime of the intermediate; at most as long as the root's renewal window. Default: 3 years, 1 year. */
    intermediate?: CertificateLifetime;
    /** Lifetime of server and client certificates; at most the intermediate's renewal window. Default: 90 days, 30 days. */
    leaf?: CertificateLifetime;
}

/**
 * Root -> intermediate -> server and clients, made by @pulumi/tls and renewed by the first update inside their renewal
 * window. Private keys are secrets in the state; those of the CAs are no output.
 */
export class CertificateChain extends pulumi.ComponentResource {
    /** The root and the intermediate, PEM: what a server trusts clients by, and a client the server. */
    public readonly caCertificates: pulumi.Output<string>;
    /** The server certificate and the intermediate, PEM; empty without `serverHosts`. */
    public readonly serverCertificate: pulumi.Output<string>;
    /** Its private key, PEM (PKCS #8), a secret; empty without `serverHosts`. */
    public readonly serverKey: pulumi.Output<string>;
    /** By client name: the certificate and the intermediate, PEM. */
    public readonly clientCertificates: pulumi.Output<Record<string, string>>;
    /** By client name: the private key, PEM (PKCS #8), a secret. */
    public readonly clientKeys: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: CertificateChainArgs, opts?: pulumi.ComponentResourceOptions) {
        const request = chainRequest(args);
        refuse("CertificateChain", name, refuseChain(request));
        super("mesh-egress:index:CertificateChain", name, args, opts);

        const organization = args.organization ?? "mesh-egress";
        const { lifetimes } = request;
        const key = (child: string) =>
            new PrivateKey(`${name}-${child}-key`, keyArgs(args.keyAlgorithm), { parent: this });

        const rootKey = key("root");
        const root = new SelfSignedCert(
            `${name}-root`,
            {
                ...certificateArgs(lifetimes.root),
                ...authorityArgs(1),
                allowedUses: AUTHORITY_USES,
                privateKeyPem: rootKey.privateKeyPem,
                subject: { commonName: `${name} root`, organization },
            },
            { parent: this },
        );

        const issue = (child: string, args: IssueArgs) => {
            const childKey = key(child);
            const certificateRequest = new CertRequest(
                `${name}-${child}-request`,
                { privateKeyPem: childKey.privateKeyPem, dnsNames: args.dnsNames, subject: args.subject },
                { parent: this },
            );
            const certificate = new LocallySignedCert(
                `${name}-${child}`,
                {
                    ...args.certificate,
                    certRequestPem: certificateRequest.certRequestPem,
                    caCertPem: args.issuer.certificate,
                    caPrivateKeyPem: args.issuer.key,
                    setSubjectKeyId: true,
                },
                { parent: this },
            );
            return { key: childKey, certificate: certificate.certPem };
        };
        const intermediate = issue("intermediate", {
            issuer: { certificate: root.certPem, key: rootKey.privateKeyPem },
            subject: { commonName: `${name} intermediate`, organization },
            certificate: {
                ...certificateArgs(lifetimes.intermediate),
                ...authorityArgs(0),
                allowedUses: AUTHORITY_USES,
            },
        });
        const leaf = (
            child: string,
            use: "server_auth" | "client_auth",
            args: Pick<IssueArgs, "subject" | "dnsNames">,
        ) => {
            const issued = issue(child, {
                ...args,
                issuer: { certificate: intermediate.certificate, key: intermediate.key.privateKeyPem },
                certificate: { ...certificateArgs(lifetimes.leaf), allowedUses: ["digital_signature", use] },
            });
            return {
                // Whoever verifies it may know the root only.
                certificate: pulumi.concat(issued.certificate, intermediate.certificate),
                key: issued.key.privateKeyPemPkcs8,
            };
        };
        const hosts = request.serverHosts;
        const server =
            hosts &&
            leaf("server", "server_auth", {
                dnsNames: hosts,
                // X.520 has no longer common names; it is the DNS names that count.
                subject: { commonName: hosts[0].length <= 64 ? hosts[0] : undefined, organization },
            });
        const clients = (args.clients ?? []).map((client) => ({
            name: client.name,
            ...leaf(`client-${client.name}`, "client_auth", {
                subject: {
                    commonName: client.commonName ?? client.name,
                    organization: client.organization ?? organization,
                },
            }),
        }));

        this.caCertificates = pulumi.concat(intermediate.certificate, root.certPem);
        this.serverCertificate = pulumi.output(server?.certificate ?? "");
        this.serverKey = pulumi.secret(server?.key ?? "");
        this.clientCertificates = pulumi.output(
            Object.fromEntries(clients.map((client) => [client.name, client.certificate])),
        );
        this.clientKeys = pulumi.secret(Object.fromEntries(clients.map((client) => [client.name, client.key])));
        this.registerOutputs();
    }
}

interface IssueArgs {
    issuer: { certificate: pulumi.Output<string>; key: pulumi.Output<string> };
    subject: { commonName?: pulumi.Input<string>; organization: pulumi.Input<string> };
    dnsNames?: string[];
    certificate: CertificateArgs & { allowedUses: string[] };
}

interface CertificateArgs {
    validityPeriodHours: number;
    earlyRenewalHours: number;
    isCaCertificate?: boolean;
    maxPathLength?: number;
}

const AUTHORITY_USES = ["cert_signing", "crl_signing"];

function certificateArgs({ validityHours, renewalHours }: Lifetime): CertificateArgs {
    return { validityPeriodHours: validityHours, earlyRenewalHours: renewalHours };
}

function authorityArgs(maxPathLength: number) {
    return { isCaCertificate: true, setSubjectKeyId: true, maxPathLength };
}

function keyArgs(algorithm = KeyAlgorithm.EcdsaP256) {
    switch (algorithm) {
        case KeyAlgorithm.EcdsaP256:
            return { algorithm: "ECDSA", ecdsaCurve: "P256" };
        case KeyAlgorithm.Rsa2048:
            return { algorithm: "RSA", rsaBits: 2048 };
        case KeyAlgorithm.Rsa4096:
            return { algorithm: "RSA", rsaBits: 4096 };
    }
}

/** The arguments with their defaults, as `plan/` takes them. */
export function chainRequest(args: CertificateChainArgs): ChainRequest {
    return {
        serverHosts: args.serverHosts,
        clients: (args.clients ?? []).map((client) => client.name),
        lifetimes: {
            root: args.root ?? DEFAULT_LIFETIMES.root,
            intermediate: args.intermediate ?? DEFAULT_LIFETIMES.intermediate,
            leaf: args.leaf ?? DEFAULT_LIFETIMES.leaf,
        },
    };
}
