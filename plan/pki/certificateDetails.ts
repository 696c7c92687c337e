import { X509Certificate } from "node:crypto";

/** Public details of a certificate. */
export interface CertificateDetails {
    /** Name of the certificate in its chain. */
    name: string;
    /** Its subject, for example `O=mesh-egress, CN=partner`. */
    subject: string;
    /** Subject of its issuer. */
    issuer: string;
    /** Its DNS names and other subject alternative names. Empty for authorities and clients. */
    subjectAltNames: string[];
    /** Its serial number, in hexadecimal. */
    serial: string;
    /** Start of its validity, in ISO 8601. */
    notBefore: string;
    /** End of its validity, in ISO 8601. */
    notAfter: string;
    /** Time from which it must be renewed, in ISO 8601. */
    renewFrom: string;
}

/** Details of the first certificate in a PEM text. */
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

/** A distinguished name from node:crypto, on one line. */
export function oneLine(name: string | undefined): string {
    // A certificate with only subject alternative names has an empty subject.
    return (name ?? "").split("\n").join(", ");
}

function alternativeNames({ subjectAltName }: X509Certificate): string[] {
    return (subjectAltName ?? "")
        .split(", ")
        .filter((text) => text !== "")
        .map((text) => text.replace(/^DNS:/, ""));
}
