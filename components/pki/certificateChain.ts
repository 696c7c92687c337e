import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls";
import { tls } from "../internal/tls";
import { authorities } from "../../plan/pki/certificateAuthority";
import { CertificateDetails, certificateDetails } from "../../plan/pki/certificateDetails";
import {
    DEFAULT_ORGANIZATION,
    CertificateChainOptions,
    CertificateLifetime,
    ChainOptions,
    DEFAULT_LIFETIMES,
    validateChain,
} from "../../plan/pki/chain";
import { issueCrl } from "../../plan/pki/crl";
import { assertValid } from "../internal/validation";
import { KeyAlgorithm } from "../../plan/pki/keyAlgorithm";
import { RevokedCertificate } from "../../plan/pki/revocation";
import { checkedArguments } from "../internal/checkedArguments";

/** A client certificate of a chain. */
export interface ClientCertificate {
    /** Its key in the chain's outputs. Unique in the chain. */
    name: string;
    /**
     * Common name of its subject, which the server sees. Default: `name`.
     *
     * @example "payments.example"
     */
    commonName?: pulumi.Input<string>;
    /** Organisation of its subject. Default: the chain's. */
    organization?: pulumi.Input<string>;
    /**
     * Any text. Changing it reissues this certificate with a new key. Default: none.
     *
     * @example "2026-03 key rotation"
     */
    rotationTrigger?: pulumi.Input<string>;
}

/** Options of a chain that do not depend on its certificates' names. */
export interface CertificateChainSettings extends CertificateChainOptions {
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /**
     * Any text. Changing it reissues all server and client certificates with new keys. Default: none.
     *
     * @example "2026-03 key rotation"
     */
    rotationTrigger?: pulumi.Input<string>;
}

export interface CertificateChainArgs extends CertificateChainSettings {
    /**
     * Name in the subjects of the CA certificates. Changing it reissues them. Default: the component's name.
     *
     * @example "Payments egress"
     */
    authorityName?: string;
    /**
     * DNS names of the server certificate. Default: no server certificate.
     *
     * @example ["mtls.partner.example"]
     */
    serverHosts?: string[];
    /**
     * The client certificates. Default: none.
     *
     * @example [{ name: "partner", commonName: "payments.example" }]
     */
    clients?: ClientCertificate[];
}

/**
 * A chain of root, intermediate, server and client certificates, issued by `@pulumi/tls`. The first update within a
 * certificate's renewal window renews it with the same key. Private keys are secrets in the state. The keys of the CAs
 * are not outputs.
 */
export class CertificateChain extends pulumi.ComponentResource {
    /** Every trusted root and intermediate, PEM, for servers and clients to trust. */
    public readonly caCertificates: pulumi.Output<string>;
    /** The server certificate with its chain to a root, PEM. Empty without `serverHosts`. */
    public readonly serverCertificate: pulumi.Output<string>;
    /** Its private key, PEM (PKCS #8), a secret. Empty without `serverHosts`. */
    public readonly serverKey: pulumi.Output<string>;
    /** Client certificates with their chain to a root, PEM, by client name. */
    public readonly clientCertificates: pulumi.Output<Record<string, string>>;
    /** Private keys of the clients, PEM (PKCS #8), by client name. A secret. */
    public readonly clientKeys: pulumi.Output<Record<string, string>>;
    /**
     * The revocation list of every trusted authority, PEM, valid as long as the authority's certificate. Empty without
     * `revoked`.
     */
    public readonly crls: pulumi.Output<string>;
    /** Details of every certificate of the chain, the authorities first. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;

    constructor(name: string, args: CertificateChainArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("CertificateChain", name, args);
        const request = chainOptions(args);
        assertValid("CertificateChain", name, validateChain(request));
        super("mesh-egress:index:CertificateChain", name, args, opts);

        const organization = args.organization ?? DEFAULT_ORGANIZATION;
        const { lifetimes } = request;
        const maker = new CertificateMaker(name, keyArgs(args.keyAlgorithm), this);

        const plan = authorities(args.authorityName ?? name, request.generations);
        const issued = new Map<string, Issued>();
        const named = (authority: string) => issued.get(authority) as Issued;
        const keys = new Map<string, PrivateKey>();
        for (const { name: child, key, commonName, issuer, maxPathLength, lifetime } of plan.all) {
            keys.set(key, keys.get(key) ?? maker.key(key));
            issued.set(
                child,
                maker.issue(child, {
                    key: keys.get(key) as PrivateKey,
                    subject: { commonName, organization },
                    issuer: issuer === undefined ? undefined : named(issuer),
                    lifetime: lifetimes[lifetime],
                    uses: ["cert_signing", "crl_signing"],
                    authority: { isCaCertificate: true, maxPathLength },
                }),
            );
        }

        const presented = plan.presented.map((authority) => named(authority).certificate);
        const leaf = (child: string, use: string, args: LeafArgs): Leaf => {
            const key = maker.key(child, args.rotationTrigger);
            const made = maker.issue(child, {
                key,
                subject: args.subject,
                dnsNames: args.dnsNames,
                issuer: named(plan.issuing),
                lifetime: lifetimes.leaf,
                uses: ["digital_signature", use],
            });
            issued.set(child, made);
            return { certificate: join([made.certificate, ...presented]), key: key.privateKeyPemPkcs8 };
        };
        const hosts = request.serverHosts;
        const server =
            hosts &&
            leaf("server", "server_auth", {
                dnsNames: hosts,
                // X.520 limits the length of common names. Only the DNS names are checked.
                subject: { commonName: hosts[0].length <= 64 ? hosts[0] : undefined, organization },
                rotationTrigger: rotationTriggers(args.rotationTrigger),
            });
        const clients = (args.clients ?? []).map((client) => ({
            name: client.name,
            ...leaf(`client-${client.name}`, "client_auth", {
                subject: {
                    commonName: client.commonName ?? client.name,
                    organization: client.organization ?? organization,
                },
                rotationTrigger: rotationTriggers(args.rotationTrigger, client.rotationTrigger),
            }),
        }));

        this.caCertificates = join(plan.trusted.map((authority) => named(authority).certificate));
        this.serverCertificate = pulumi.output(server?.certificate ?? "");
        this.serverKey = pulumi.secret(server?.key ?? "");
        this.clientCertificates = pulumi.output(
            Object.fromEntries(clients.map((client) => [client.name, client.certificate])),
        );
        this.clientKeys = pulumi.secret(Object.fromEntries(clients.map((client) => [client.name, client.key])));
        const { revoked } = args;
        this.crls = join(
            revoked
                ? // Only intermediates issue to servers and clients, so the lists of the roots are empty.
                  plan.all
                      .filter(({ name }) => plan.trusted.includes(name))
                      .map(({ name, maxPathLength }) => crl(named(name), maxPathLength === 0 ? revoked : []))
                : [],
        );
        this.certificates = pulumi.all(
            [...issued].map(([child, { certificate, lifetime }]) =>
                certificate.apply((pem) => certificateDetails(child, pem, lifetime.renewalHours)),
            ),
        );
        this.registerOutputs();
    }
}

interface Leaf {
    certificate: pulumi.Output<string>;
    key: pulumi.Output<string>;
}

interface LeafArgs {
    subject: Subject;
    dnsNames?: string[];
    /** A change of it creates a new key. */
    rotationTrigger: pulumi.Input<string>;
}

interface Subject {
    commonName?: pulumi.Input<string>;
    organization: pulumi.Input<string>;
}

interface IssueArgs {
    key: PrivateKey;
    subject: Subject;
    dnsNames?: string[];
    /** Default: itself. */
    issuer?: Issued;
    lifetime: CertificateLifetime;
    uses: string[];
    /** Default: the certificate is not an authority's. */
    authority?: { isCaCertificate: boolean; maxPathLength: number };
}

interface Issued {
    key: PrivateKey;
    certificate: pulumi.Output<string>;
    lifetime: CertificateLifetime;
}

/** Creates the keys and certificates of one chain. */
class CertificateMaker {
    constructor(
        private readonly name: string,
        private readonly algorithm: { algorithm: string; ecdsaCurve?: string; rsaBits?: number },
        private readonly parent: pulumi.Resource,
    ) {}

    key(child: string, replacementTrigger?: pulumi.Input<string>): PrivateKey {
        return new tls.PrivateKey(`${this.name}-${child}-key`, this.algorithm, {
            parent: this.parent,
            replacementTrigger,
        });
    }

    issue(child: string, { key, subject, dnsNames, issuer, lifetime, uses, authority }: IssueArgs): Issued {
        const opts = { parent: this.parent };
        const certificateArgs = {
            ...authority,
            allowedUses: uses,
            setSubjectKeyId: true,
            validityPeriodHours: lifetime.validityHours,
            earlyRenewalHours: lifetime.renewalHours,
        };
        const privateKeyPem = key.privateKeyPem;
        if (issuer === undefined) {
            const args = { ...certificateArgs, privateKeyPem, subject };
            return { key, lifetime, certificate: new tls.SelfSignedCert(`${this.name}-${child}`, args, opts).certPem };
        }
        const request = new tls.CertRequest(
            `${this.name}-${child}-request`,
            { privateKeyPem, dnsNames, subject },
            opts,
        );
        const certificate = new tls.LocallySignedCert(
            `${this.name}-${child}`,
            {
                ...certificateArgs,
                certRequestPem: request.certRequestPem,
                caCertPem: issuer.certificate,
                caPrivateKeyPem: issuer.key.privateKeyPem,
            },
            opts,
        );
        return { key, lifetime, certificate: certificate.certPem };
    }
}

/** Without a previous value, the first text would not be a change. */
function rotationTriggers(...texts: (pulumi.Input<string> | undefined)[]): pulumi.Output<string> {
    return pulumi.all(texts.map((text) => text ?? "")).apply((known) => JSON.stringify(known));
}

function crl({ certificate, key }: Issued, revoked: RevokedCertificate[]): pulumi.Output<string> {
    const text = pulumi
        .all([certificate, key.privateKeyPem])
        .apply(([pem, privateKey]) => issueCrl({ certificate: pem, privateKey }, revoked));
    // Signed with a secret, but itself public.
    return pulumi.unsecret(text);
}

function join(pems: pulumi.Output<string>[]): pulumi.Output<string> {
    return pulumi.all(pems).apply((texts) => texts.join(""));
}

function keyArgs(algorithm: KeyAlgorithm = KeyAlgorithm.EcdsaP256) {
    switch (algorithm) {
        case KeyAlgorithm.EcdsaP256:
            return { algorithm: "ECDSA", ecdsaCurve: "P256" };
        case KeyAlgorithm.Rsa2048:
            return { algorithm: "RSA", rsaBits: 2048 };
        case KeyAlgorithm.Rsa4096:
            return { algorithm: "RSA", rsaBits: 4096 };
    }
}

/** The arguments with their defaults, in the form of `plan/`. */
export function chainOptions(args: CertificateChainArgs): ChainOptions {
    return {
        generations: args.generations ?? [1],
        serverHosts: args.serverHosts,
        clients: (args.clients ?? []).map((client) => client.name),
        revoked: args.revoked ?? [],
        lifetimes: {
            root: args.root ?? DEFAULT_LIFETIMES.root,
            intermediate: args.intermediate ?? DEFAULT_LIFETIMES.intermediate,
            leaf: args.leaf ?? DEFAULT_LIFETIMES.leaf,
        },
    };
}
