import * as pulumi from "@pulumi/pulumi";
import type { PrivateKey } from "@pulumi/tls";
import { tls } from "../internal/tls";
import { authorities } from "../../plan/pki/certificateAuthority";
import { CertificateDetails, certificateDetails } from "../../plan/pki/certificateDetails";
import {
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

/** One client certificate of a chain. */
export interface ClientCertificate {
    /** Name by which the chain's outputs list it; unique in the chain. */
    name: string;
    /** Common name of its subject, which the server logs. Default: `name`. */
    commonName?: pulumi.Input<string>;
    /** Organisation of its subject. Default: the chain's. */
    organization?: pulumi.Input<string>;
    /** Any text; a change of it issues this certificate anew, with a new key. Default: none. */
    rotationTrigger?: pulumi.Input<string>;
}

/** Options of a chain wherever it is made. */
export interface CertificateChainSettings extends CertificateChainOptions {
    /** Organisation in the subjects. Default: `mesh-egress`. */
    organization?: pulumi.Input<string>;
    /** Any text; a change of it issues server and client certificates anew, with new keys. Default: none. */
    rotationTrigger?: pulumi.Input<string>;
}

export interface CertificateChainArgs extends CertificateChainSettings {
    /** Name in the subjects of the CA certificates, which a change issues anew. Default: the component's name. */
    authorityName?: string;
    /** DNS names of the server certificate. Default: no server certificate. */
    serverHosts?: string[];
    /** The client certificates. Default: none. */
    clients?: ClientCertificate[];
}

/**
 * Root -> intermediate -> server and clients, made by `@pulumi/tls` and renewed by the first update inside their renewal
 * window. What is renewed keeps its key. Private keys are secrets in the state; those of the CAs are no output.
 */
export class CertificateChain extends pulumi.ComponentResource {
    /** Every trusted root and intermediate, PEM: what a server trusts clients by, and a client the server. */
    public readonly caCertificates: pulumi.Output<string>;
    /** The server certificate and what leads from it to a root, PEM; empty without `serverHosts`. */
    public readonly serverCertificate: pulumi.Output<string>;
    /** Its private key, PEM (PKCS #8), a secret; empty without `serverHosts`. */
    public readonly serverKey: pulumi.Output<string>;
    /** By client name: the certificate and what leads from it to a root, PEM. */
    public readonly clientCertificates: pulumi.Output<Record<string, string>>;
    /** By client name: the private key, PEM (PKCS #8), a secret. */
    public readonly clientKeys: pulumi.Output<Record<string, string>>;
    /** The revocation list of every trusted authority, PEM, in force as long as its certificate; empty without `revoked`. */
    public readonly crls: pulumi.Output<string>;
    /** The facts of every certificate of the chain, those of the authorities first. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;

    constructor(name: string, args: CertificateChainArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("CertificateChain", name, args);
        const request = chainOptions(args);
        assertValid("CertificateChain", name, validateChain(request));
        super("mesh-egress:index:CertificateChain", name, args, opts);

        const organization = args.organization ?? "mesh-egress";
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
                // X.520 has no longer common names; it is the DNS names that count.
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
    /** Whatever it is, a change of it makes a new key. */
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
    /** Default: the certificate is none of an authority. */
    authority?: { isCaCertificate: boolean; maxPathLength: number };
}

interface Issued {
    key: PrivateKey;
    certificate: pulumi.Output<string>;
    lifetime: CertificateLifetime;
}

/** Makes the keys and certificates of one chain. */
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

/** A first text would trigger nothing if there had been none to differ from. */
function rotationTriggers(...texts: (pulumi.Input<string> | undefined)[]): pulumi.Output<string> {
    return pulumi.all(texts.map((text) => text ?? "")).apply((known) => JSON.stringify(known));
}

function crl({ certificate, key }: Issued, revoked: RevokedCertificate[]): pulumi.Output<string> {
    const text = pulumi
        .all([certificate, key.privateKeyPem])
        .apply(([pem, privateKey]) => issueCrl({ certificate: pem, privateKey }, revoked));
    // Signed with a secret, and made to be published.
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

/** The arguments with their defaults, as `plan/` takes them. */
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
