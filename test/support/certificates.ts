import "reflect-metadata";
import { KeyObject, createPublicKey, generateKeyPairSync, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/*
 * Real certificates for tests, made when they run. Nothing here is ever written to the repository.
 */

x509.cryptoProvider.set(webcrypto);

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** The moment that the tests of certificates take for now. */
export const NOW = new Date("2026-06-15T12:00:00Z");

export interface Issued {
    subject: string;
    certificate: string;
    key: KeyObject;
}

export interface CertificateOptions {
    subject: string;
    /** Default: itself. */
    issuer?: Issued;
    /** Default: a new P-256 key. */
    key?: KeyObject;
    ca?: boolean;
    usage?: "client" | "server" | "any";
    hosts?: string[];
    notBefore?: Date;
    notAfter?: Date;
}

export function newKey(algorithm: "EC" | "RSA" = "EC"): KeyObject {
    return algorithm === "EC"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
        : generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}

/** A key as PKCS #8, the form that a credential has. */
export function keyPem(key: KeyObject): string {
    return key.export({ type: "pkcs8", format: "pem" }).toString();
}

let serial = 1;

export async function issue(options: CertificateOptions): Promise<Issued> {
    const key = options.key ?? newKey();
    const issuer = options.issuer ?? { subject: options.subject, key };
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: (serial++).toString(16).padStart(8, "0"),
        subject: options.subject,
        issuer: issuer.subject,
        notBefore: options.notBefore ?? new Date("2026-01-01T00:00:00Z"),
        notAfter: options.notAfter ?? new Date("2027-01-01T00:00:00Z"),
        publicKey: await publicKey(key),
        signingKey: await signingKey(issuer.key),
        signingAlgorithm: algorithmOf(issuer.key),
        extensions: extensions(options),
    });
    return { subject: options.subject, certificate: `${certificate.toString("pem")}\n`, key };
}

/** A CRL of the issuer with these serial numbers, in hexadecimal, PEM. */
export async function revocationList(issuer: Issued, serialNumbers: string[]): Promise<string> {
    const now = Date.now();
    const list = await x509.X509CrlGenerator.create({
        issuer: issuer.subject,
        thisUpdate: new Date(now - 3_600_000),
        nextUpdate: new Date(now + 24 * 3_600_000),
        // With a reason, because the library's entry without one has an empty list of extensions, which Envoy refuses.
        entries: serialNumbers.map((serialNumber) => ({
            serialNumber,
            revocationDate: new Date(now - 60_000),
            reason: x509.X509CrlReason.keyCompromise,
        })),
        signingKey: await signingKey(issuer.key),
        signingAlgorithm: algorithmOf(issuer.key),
    });
    // What OpenSSL and Envoy read; the library has another tag.
    return x509.PemConverter.encode(list.rawData, "X509 CRL");
}

function extensions({ ca, usage, hosts }: CertificateOptions): x509.Extension[] {
    const purposes = usage === "server" ? [SERVER_AUTH] : [CLIENT_AUTH];
    return [
        new x509.BasicConstraintsExtension(ca === true, undefined, true),
        ...(ca || usage === "any" ? [] : [new x509.ExtendedKeyUsageExtension(purposes)]),
        ...(hosts ? [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: "dns", value })))] : []),
    ];
}

function algorithmOf(key: KeyObject) {
    return key.asymmetricKeyType === "ec" ? EC : RSA;
}

function signingKey(key: KeyObject) {
    const der = key.export({ type: "pkcs8", format: "der" });
    return webcrypto.subtle.importKey("pkcs8", der, algorithmOf(key), true, ["sign"]);
}

function publicKey(key: KeyObject) {
    const der = createPublicKey(key).export({ type: "spki", format: "der" });
    return webcrypto.subtle.importKey("spki", der, algorithmOf(key), true, ["verify"]);
}

/** Root -> intermediate -> client, the shape that CertificateChain makes. */
export async function chain(algorithm: "EC" | "RSA" = "EC") {
    const root = await issue({ subject: "CN=Test root", ca: true, key: newKey(algorithm) });
    const intermediate = await issue({
        subject: "CN=Test intermediate",
        ca: true,
        issuer: root,
        key: newKey(algorithm),
    });
    const client = await issue({ subject: "CN=client, O=Test", issuer: intermediate, key: newKey(algorithm) });
    return { root, intermediate, client };
}
