import {
    describeCertificate,
    readCertificates,
    validateAuthority,
    validateKey,
    validateLastHours,
    validatePurpose,
    validateValidity,
} from "./pem";
import { Violation } from "../shared/violation";

/** PEM texts of a server that requires client certificates. */
export interface ServerPem {
    /** The server certificate, followed by any intermediates. */
    certificate: string;
    privateKey: string;
    /** CA certificates that must have issued the client certificates. */
    clientCa: string;
}

/** Checks a server's certificate against its key and its hosts, as of `now`. No violation contains key material. */
export function validateServerCertificate(
    pem: ServerPem,
    { hosts, minRemainingHours }: { hosts: string[]; minRemainingHours?: number },
    now: Date,
): Violation[] {
    const chain = readCertificates("certificate", "the server certificate", pem.certificate);
    const leaf = chain.certificates[0];
    return [
        ...chain.violations,
        ...(leaf
            ? [
                  ...validateKey(pem.privateKey, leaf),
                  ...validatePurpose(leaf, "server"),
                  ...validateLastHours(leaf, minRemainingHours, now),
                  ...hosts
                      .filter((host) => leaf.checkHost(host, { subject: "never" }) === undefined)
                      .map((host) => ({
                          path: "certificate",
                          problem: `the certificate of ${describeCertificate(leaf)} is not for ${JSON.stringify(host)}`,
                          expected: "a subject alternative name for every host of the server",
                          fix: "Request a certificate for that name too, or remove the host",
                      })),
              ]
            : []),
        ...chain.certificates.flatMap((certificate) => validateValidity("certificate", certificate, now)),
        ...validateClientCa(pem.clientCa, now),
    ];
}

/** Checks the CA of a server's clients, as of `now`. */
export function validateClientCa(clientCa: string, now: Date): Violation[] {
    const { certificates, violations } = readCertificates("clientCa", "the CA of the clients", clientCa);
    return [...violations, ...certificates.flatMap((certificate) => validateAuthority("clientCa", certificate, now))];
}
