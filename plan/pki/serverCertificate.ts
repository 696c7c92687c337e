import {
    describe,
    readCertificates,
    refuseAuthority,
    refuseKey,
    refuseLastHours,
    refusePurpose,
    refuseValidity,
} from "./pem";
import { Refusal } from "../shared/violation";

/** PEM texts of a server that asks for client certificates. */
export interface ServerPem {
    /** The server certificate, then any intermediates. */
    certificate: string;
    privateKey: string;
    /** CA certificates that client certificates must be from. */
    clientCa: string;
}

/** Checks a server's certificate against its key and its hosts, as of `now`. No refusal holds key material. */
export function refuseServerCertificate(
    pem: ServerPem,
    { hosts, renewalHours }: { hosts: string[]; renewalHours?: number },
    now: Date,
): Refusal[] {
    const chain = readCertificates("certificate", "the server certificate", pem.certificate);
    const clientCa = readCertificates("clientCa", "the CA of the clients", pem.clientCa);
    const leaf = chain.certificates[0];
    return [
        ...chain.refusals,
        ...clientCa.refusals,
        ...(leaf
            ? [
                  ...refuseKey(pem.privateKey, leaf),
                  ...refusePurpose(leaf, "server"),
                  ...refuseLastHours(leaf, renewalHours, now),
                  ...hosts
                      .filter((host) => leaf.checkHost(host, { subject: "never" }) === undefined)
                      .map((host) => ({
                          path: "certificate",
                          problem: `the certificate of ${describe(leaf)} is not for ${JSON.stringify(host)}`,
                          expected: "a subject alternative name for every host of the server",
                          fix: "Have it issued for that name too, or leave the host out",
                      })),
              ]
            : []),
        ...chain.certificates.flatMap((certificate) => refuseValidity("certificate", certificate, now)),
        ...clientCa.certificates.flatMap((certificate) => refuseAuthority("clientCa", certificate, now)),
    ];
}
