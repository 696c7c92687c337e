import { KeyObject, X509Certificate, createHash, createPrivateKey, sign, verify } from "node:crypto";
import { createRequire } from "node:module";
import { RevokedCertificate } from "./revocation";

/*
 * Certificate revocation lists (RFC 5280). The libraries are loaded only when the first list is needed: they are many
 * modules, and most programs have no list.
 */

const load = createRequire(__filename);
const asn1 = () => load("@peculiar/asn1-schema") as typeof import("@peculiar/asn1-schema");
const asnX509 = () => load("@peculiar/asn1-x509") as typeof import("@peculiar/asn1-x509");
const p256 = () => (load("@noble/curves/p256") as typeof import("@noble/curves/p256")).p256;

const PEM_CRL = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/g;

/** Certificate and key of an authority, PEM. */
export interface CrlIssuer {
    certificate: string;
    privateKey: string;
}

const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
const RSA_SHA256 = "1.2.840.113549.1.1.11";

/**
 * Revocation list of an authority, PEM. The same arguments give the same text, so that an update without a change shows
 * none: its times are those of the authority and the revocations, and its signature is deterministic.
 */
export function issueCrl(issuer: CrlIssuer, revoked: RevokedCertificate[]): string {
    const x509 = asnX509();
    const authority = new X509Certificate(issuer.certificate);
    const { tbsCertificate } = asn1().AsnConvert.parse(authority.raw, x509.Certificate);
    const key = createPrivateKey(issuer.privateKey);
    const algorithm = new x509.AlgorithmIdentifier({
        algorithm: key.asymmetricKeyType === "ec" ? ECDSA_SHA256 : RSA_SHA256,
        // The parameters are NULL with RSA and absent with ECDSA.
        ...(key.asymmetricKeyType === "ec" ? {} : { parameters: null }),
    });
    const dates = revoked.map(({ revokedAt }) => new Date(revokedAt));
    const thisUpdate = new Date(Math.max(new Date(authority.validFrom).getTime(), ...dates.map(Number)));
    const entries = revoked.map(
        ({ serial }, index) =>
            new x509.RevokedCertificate({
                userCertificate: positiveInteger(serial),
                revocationDate: new x509.Time(dates[index]),
            }),
    );
    const list = new x509.TBSCertList({
        version: x509.Version.v2,
        signature: algorithm,
        issuer: tbsCertificate.subject,
        thisUpdate: new x509.Time(thisUpdate),
        nextUpdate: new x509.Time(new Date(authority.validTo)),
        // The field must not be an empty list.
        revokedCertificates: entries.length > 0 ? entries : undefined,
        // Increases with every revocation, and when the authority's certificate is renewed.
        crlExtensions: extensions(tbsCertificate, Math.floor(thisUpdate.getTime() / 1000) + entries.length),
    });
    const bytes = Buffer.from(asn1().AsnConvert.serialize(list));
    const signed = new x509.CertificateList({
        tbsCertList: list,
        signatureAlgorithm: algorithm,
        signature: toArrayBuffer(signAlways(bytes, key)),
    });
    return pem(Buffer.from(asn1().AsnConvert.serialize(signed)));
}

/** Properties of a revocation list that verification depends on. */
export interface Crl {
    thisUpdate: Date;
    nextUpdate?: Date;
    /** Whether this authority, or another certificate with its name and key, has signed the list. */
    isFrom(authority: X509Certificate): boolean;
}

/** Lists in a PEM text. Undefined if one of them cannot be read. */
export function readCrls(text: string): Crl[] | undefined {
    try {
        return [...text.matchAll(PEM_CRL)].map(([, base64]) => readCrl(Buffer.from(base64, "base64")));
    } catch {
        return undefined;
    }
}

function readCrl(bytes: Buffer): Crl {
    const { AsnConvert } = asn1();
    const x509 = asnX509();
    const list = AsnConvert.parse(bytes, x509.CertificateList);
    const { tbsCertList } = list;
    const issuer = Buffer.from(AsnConvert.serialize(tbsCertList.issuer));
    const hash = hashOf(list.signatureAlgorithm.algorithm);
    return {
        thisUpdate: tbsCertList.thisUpdate.getTime(),
        nextUpdate: tbsCertList.nextUpdate?.getTime(),
        isFrom: (authority) => {
            try {
                const { tbsCertificate } = AsnConvert.parse(authority.raw, x509.Certificate);
                return (
                    issuer.equals(Buffer.from(AsnConvert.serialize(tbsCertificate.subject))) &&
                    verify(
                        hash,
                        Buffer.from(list.tbsCertListRaw ?? new ArrayBuffer(0)),
                        authority.publicKey,
                        Buffer.from(list.signature),
                    )
                );
            } catch {
                // The authority's certificate is damaged where only this looks, such as in its key.
                return false;
            }
        },
    };
}

/** The hash of a signature algorithm; Ed25519 has its own. */
function hashOf(algorithm: string): string | null {
    const hashes: Record<string, string | null> = {
        [RSA_SHA256]: "sha256",
        "1.2.840.113549.1.1.12": "sha384",
        "1.2.840.113549.1.1.13": "sha512",
        [ECDSA_SHA256]: "sha256",
        "1.2.840.10045.4.3.3": "sha384",
        "1.2.840.10045.4.3.4": "sha512",
        "1.3.101.112": null,
    };
    if (!(algorithm in hashes)) {
        throw new Error(`a CRL is signed with ${algorithm}`);
    }
    return hashes[algorithm];
}

function extensions(
    authority: { extensions?: { extnID: string; extnValue: { buffer: ArrayBuffer } }[] },
    number: number,
) {
    const { AsnConvert, OctetString } = asn1();
    const x509 = asnX509();
    const extension = (extnID: string, value: unknown) =>
        new x509.Extension({ extnID, extnValue: new OctetString(AsnConvert.serialize(value)) });
    const subjectKey = authority.extensions?.find(({ extnID }) => extnID === x509.id_ce_subjectKeyIdentifier);
    const keyId = subjectKey && AsnConvert.parse(subjectKey.extnValue.buffer, x509.SubjectKeyIdentifier);
    return [
        ...(keyId
            ? [
                  extension(
                      x509.id_ce_authorityKeyIdentifier,
                      new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(keyId.buffer) }),
                  ),
              ]
            : []),
        extension(x509.id_ce_cRLNumber, new x509.CRLNumber(number)),
    ];
}

/** Signs deterministically: RSA with PKCS #1, and ECDSA with RFC 6979, which node:crypto does not offer. */
function signAlways(bytes: Buffer, key: KeyObject): Buffer {
    if (key.asymmetricKeyType === "rsa") {
        return sign("sha256", bytes, key);
    }
    const scalar = Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
    const digest = createHash("sha256").update(bytes).digest();
    return Buffer.from(p256().sign(digest, scalar).toBytes("der"));
}

function positiveInteger(hex: string): ArrayBuffer {
    const bytes = Buffer.from(hex.replaceAll(":", ""), "hex");
    return toArrayBuffer(bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
    return new Uint8Array(bytes).buffer;
}

function pem(bytes: Buffer): string {
    const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
    return `-----BEGIN X509 CRL-----\n${lines.join("\n")}\n-----END X509 CRL-----\n`;
}
