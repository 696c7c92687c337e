import { X509Certificate } from "node:crypto";

/** What anyone may know of a certificate. */
export interface CertificateDetails {
    /** What the certificate is called where it was made. */
    name: string;
    /** Its subject, for example `O=mesh-egress, CN=partner`. */
    subject: string;
    /** The subject of its issuer. */
    issuer: string;
    /** The DNS names and other alternative names that it is for; empty for authorities and clients. */
    subjectAltNames: string[];
    /** Its serial number, in hexadecimal. */
    serial: string;
    /** The moment from which it is valid, in ISO 8601. */
    notBefore: string;
    /** The moment it expires, in ISO 8601. */
    notAfter: string;
    /** The moment from which it has to be renewed, in ISO 8601. */
    renewFrom: string;
}

/** The facts of the first certificate of a PEM text. */
export function certificateDetails(name: string, pem: string, renewalHours: number): CertificateDetails {
    const certificate = new X509Certificate(pem);
    const notAfter = new Date(certificate.validTo);
    return {
        name,
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        subjectAltNames: alternativeNames(certificate),
        serial: certificate.serialNumber.toLowerCase(),
        notBefore: new Date(certificate.validFrom).toISOString(),
        notAfter: notAfter.toISOString(),
        renewFrom: new Date(notAfter.getTime() - renewalHours * 3_600_000).toISOString(),
    };
}

/** A distinguished name as node:crypto has it, on one line. */
export function oneLine(name: string | undefined): string {
    // A certificate that names only hosts has an empty subject.
    return (name ?? "").split("\n").join(", ");
}

function alternativeNames({ subjectAltName }: X509Certificate): string[] {
    return (subjectAltName ?? "")
        .split(", ")
        .filter((text) => text !== "")
        .map((text) => text.replace(/^DNS:/, ""));
}
