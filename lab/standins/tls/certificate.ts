import "reflect-metadata";
import { createHash, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { bag, type Properties, reveal, text } from "../shared/values";
import { extendedKeyUsages, keyUsages } from "./keyUsages";
import { algorithmName, readPrivateKey } from "./privateKey";
import { signingKey } from "./signingKey";
import { distinguishedName } from "./subject";

x509.cryptoProvider.set(webcrypto as never);

type Made = { id: string; outputs: Properties };

/** A certificate request with the names of the arguments. */
export async function newCertRequest(inputs: Properties): Promise<Made> {
    const key = readPrivateKey(inputs["privateKeyPem"], "privateKeyPem");
    const { algorithm, ...keys } = await signingKey(key, createPublicKey(key));
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
        name: distinguishedName(reveal(inputs["subject"])),
        keys: keys as never,
        signingAlgorithm: algorithm as never,
        extensions: alternativeNames(inputs),
    });
    const certRequestPem = pem("CERTIFICATE REQUEST", request.rawData);
    return {
        id: createHash("sha1").update(certRequestPem).digest("hex"),
        outputs: { ...inputs, keyAlgorithm: algorithmName(key), certRequestPem },
    };
}

/** A certificate that its own key signs. */
export async function newSelfSignedCert(inputs: Properties): Promise<Made> {
    const key = readPrivateKey(inputs["privateKeyPem"], "privateKeyPem");
    const publicKey = createPublicKey(key);
    const { algorithm, ...keys } = await signingKey(key, publicKey);
    const keyId = subjectKeyId(publicKey.export({ type: "spki", format: "der" }));
    const name = distinguishedName(reveal(inputs["subject"]));
    const extensions = certificateExtensions(inputs, keyId);
    if (inputs["setAuthorityKeyId"] === true) {
        extensions.push(new x509.AuthorityKeyIdentifierExtension(keyId));
    }
    const { serialNumber, notBefore, notAfter } = validity(inputs);
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber,
        notBefore,
        notAfter,
        subject: name,
        issuer: name,
        publicKey: keys.publicKey as never,
        signingKey: keys.privateKey as never,
        signingAlgorithm: algorithm as never,
        extensions: [...extensions, ...alternativeNames(inputs)],
    });
    return made(certificate, { ...inputs, keyAlgorithm: algorithmName(key) });
}

/** A certificate for a request, signed by a certificate authority whose key is at hand. */
export async function newLocallySignedCert(inputs: Properties): Promise<Made> {
    const caKey = readPrivateKey(inputs["caPrivateKeyPem"], "caPrivateKeyPem");
    const ca = new x509.X509Certificate(text(inputs["caCertPem"]) ?? "");
    const request = new x509.Pkcs10CertificateRequest(text(inputs["certRequestPem"]) ?? "");
    if (!(await request.verify())) {
        throw new Error("certRequestPem is not signed by the key it names");
    }
    const caPublicKey = createPublicKey(caKey);
    if (!Buffer.from(ca.publicKey.rawData).equals(caPublicKey.export({ type: "spki", format: "der" }))) {
        throw new Error("caPrivateKeyPem is not the key of caCertPem");
    }
    const { algorithm, privateKey } = await signingKey(caKey, caPublicKey);
    const extensions = certificateExtensions(inputs, subjectKeyId(Buffer.from(request.publicKey.rawData)));
    const caKeyId = ca.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
    if (caKeyId) {
        extensions.push(new x509.AuthorityKeyIdentifierExtension(caKeyId));
    }
    const names = request.extensions.filter((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
    const { serialNumber, notBefore, notAfter } = validity(inputs);
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber,
        notBefore,
        notAfter,
        // The name objects and not their texts: a verifier compares the bytes of issuer and subject.
        subject: request.subjectName as never,
        issuer: ca.subjectName as never,
        publicKey: request.publicKey,
        signingKey: privateKey as never,
        signingAlgorithm: algorithm as never,
        extensions: [...extensions, ...names],
    });
    return made(certificate, { ...inputs, caKeyAlgorithm: algorithmName(caKey) });
}

function made(certificate: x509.X509Certificate, outputs: Properties): Made {
    return {
        id: BigInt(`0x${certificate.serialNumber}`).toString(),
        outputs: {
            earlyRenewalHours: 0,
            isCaCertificate: false,
            setSubjectKeyId: false,
            ...outputs,
            certPem: pem("CERTIFICATE", certificate.rawData),
            validityStartTime: timestamp(certificate.notBefore),
            validityEndTime: timestamp(certificate.notAfter),
            readyForRenewal: false,
        },
    };
}

function certificateExtensions(inputs: Properties, keyId: string): x509.Extension[] {
    const isCa = inputs["isCaCertificate"] === true;
    const uses = (reveal(inputs["allowedUses"]) ?? []) as string[];
    const usage = uses.reduce((bits, use) => bits | (keyUsages[use] ?? 0), 0);
    const extended = uses.flatMap((use) => extendedKeyUsages[use] ?? []);
    const { maxPathLength } = bag(inputs);
    // Zero is a limit (no further authority below this one), minus one is none.
    const pathLength = isCa && typeof maxPathLength === "number" && maxPathLength >= 0 ? maxPathLength : undefined;
    const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(isCa, pathLength, true)];
    if (usage !== 0) {
        extensions.push(new x509.KeyUsagesExtension(usage, true));
    }
    if (extended.length > 0) {
        extensions.push(new x509.ExtendedKeyUsageExtension(extended, false));
    }
    // An authority always has one: without it the certificates it signs could not point at it.
    if (isCa || inputs["setSubjectKeyId"] === true) {
        extensions.push(new x509.SubjectKeyIdentifierExtension(keyId));
    }
    return extensions;
}

function alternativeNames(inputs: Properties): x509.Extension[] {
    const list = (property: string, type: x509.GeneralNameType) =>
        ((reveal(inputs[property]) ?? []) as string[]).map((value) => ({ type, value }));
    const names = [...list("dnsNames", "dns"), ...list("ipAddresses", "ip"), ...list("uris", "url")];
    return names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names, false)] : [];
}

function validity(inputs: Properties): { serialNumber: string; notBefore: Date; notAfter: Date } {
    // Whole seconds: X.509 has no finer time, and the outputs must say what the certificate says.
    const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
    const notAfter = new Date(notBefore.getTime() + Number(inputs["validityPeriodHours"]) * 3_600_000);
    const serial = randomBytes(16);
    // The first bit is the sign, and a leading zero byte would make the number shorter than it looks.
    serial[0] = (serial[0] & 0x7f) | 0x40;
    return { serialNumber: serial.toString("hex"), notBefore, notAfter };
}

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1), as hex. */
function subjectKeyId(spki: Buffer): string {
    const publicKey = new x509.PublicKey(spki as never);
    const bits = x509AsnKeyBits(publicKey);
    return createHash("sha1").update(bits).digest("hex");
}

function x509AsnKeyBits(key: x509.PublicKey): Buffer {
    // SubjectPublicKeyInfo ends with the BIT STRING; skip the outer header and the algorithm to its content.
    const bytes = Buffer.from(key.rawData);
    const header = (at: number) => {
        const first = bytes[at + 1];
        const extra = first < 0x80 ? 0 : first & 0x7f;
        const length = extra === 0 ? first : bytes.readUIntBE(at + 2, extra);
        return { content: at + 2 + extra, length };
    };
    const algorithm = header(header(0).content);
    const bits = header(algorithm.content + algorithm.length);
    return bytes.subarray(bits.content + 1, bits.content + bits.length);
}

function pem(label: string, data: ArrayBuffer): string {
    const lines =
        Buffer.from(data)
            .toString("base64")
            .match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function timestamp(date: Date): string {
    return date.toISOString().replace(/\.\d+Z$/, "Z");
}
