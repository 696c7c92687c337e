import { X509Certificate, createPrivateKey } from "node:crypto";
import { Refusal } from "./refusal";

/** PEM texts of one client credential. */
export interface CredentialPem {
    /** The client certificate, then any intermediates that the server does not have. */
    certificate: string;
    privateKey: string;
    /** CA certificates that the partner's server is verified against. */
    serverCa: string;
    /** CA certificates that issued the client certificate. */
    clientCa: string;
}

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Checks certificate, key and CAs against each other, as of `now`. No refusal holds key material. */
export function refuseCredential(pem: CredentialPem, now: Date): Refusal[] {
    const chain = readCertificates("certificate", "the client certificate", pem.certificate);
    const serverCa = readCertificates("serverCa", "the CA that the partner's server is verified against", pem.serverCa);
    const clientCa = readCertificates("clientCa", "the CA of the client certificate", pem.clientCa);
    const unreadable = [chain, serverCa, ...(pem.clientCa === pem.serverCa ? [] : [clientCa])].flatMap(
        (read) => read.refusals,
    );
    const leaf = chain.certificates[0];
    if (unreadable.length > 0 || leaf === undefined) {
        return [...unreadable, ...(leaf ? refuseKey(pem.privateKey, leaf) : [])];
    }
    return [
        ...refuseKey(pem.privateKey, leaf),
        ...refusePurpose(leaf),
        ...chain.certificates.flatMap((certificate) => refuseValidity("certificate", certificate, now)),
        ...serverCa.certificates.flatMap((certificate) => refuseAuthority("serverCa", certificate, now)),
        ...(pem.clientCa === pem.serverCa
            ? []
            : clientCa.certificates.flatMap((certificate) => refuseAuthority("clientCa", certificate, now))),
        ...refuseIssuer(chain.certificates, clientCa.certificates),
    ];
}

function readCertificates(
    path: string,
    what: string,
    pem: string,
): { certificates: X509Certificate[]; refusals: Refusal[] } {
    const blocks = pem.match(PEM_CERTIFICATE) ?? [];
    if (blocks.length === 0) {
        const problem =
            pem.trim() === ""
                ? `${what} is missing, and mutual TLS has no fallback to the system's CAs`
                : `${what} has no "BEGIN CERTIFICATE" block`;
        return { certificates: [], refusals: [pemRefusal(path, problem)] };
    }
    try {
        return { certificates: blocks.map((block) => new X509Certificate(block)), refusals: [] };
    } catch {
        return { certificates: [], refusals: [pemRefusal(path, `${what} cannot be read as X.509`)] };
    }
}

function pemRefusal(path: string, problem: string): Refusal {
    return {
        path,
        problem,
        expected: "one or more PEM certificates",
        fix: "Pass the text of the PEM file, not its path; check that it was not cut",
    };
}

function refuseKey(privateKey: string, leaf: X509Certificate): Refusal[] {
    const refusal = (problem: string, fix: string): Refusal[] => [
        { path: "privateKey", problem, expected: "the unencrypted PEM key of the client certificate", fix },
    ];
    let key;
    try {
        key = createPrivateKey(privateKey);
    } catch {
        return refusal(
            "the private key cannot be read",
            "Pass the text of the PEM file; decrypt it first if it has a passphrase",
        );
    }
    return leaf.checkPrivateKey(key)
        ? []
        : refusal(
              `the private key does not belong to the certificate of ${describe(leaf)}`,
              "Pass the key that the certificate was requested with",
          );
}

function refusePurpose(leaf: X509Certificate): Refusal[] {
    // Without extended key usage a certificate is good for every purpose.
    if (leaf.keyUsage === undefined || leaf.keyUsage.includes(CLIENT_AUTH)) {
        return [];
    }
    return [
        {
            path: "certificate",
            problem: `the certificate of ${describe(leaf)} is not for client authentication`,
            expected: "the extended key usage clientAuth",
            fix: "Have it issued for client authentication; a server certificate does not do",
        },
    ];
}

function refuseValidity(path: string, certificate: X509Certificate, now: Date): Refusal[] {
    const refusal = (problem: string, fix: string): Refusal[] => [
        { path, problem, expected: `a certificate that is valid at ${now.toISOString()}`, fix },
    ];
    if (new Date(certificate.validTo) <= now) {
        return refusal(
            `the certificate of ${describe(certificate)} expired at ${new Date(certificate.validTo).toISOString()}`,
            "Renew it; Istio would send an expired certificate to the server all the same",
        );
    }
    if (new Date(certificate.validFrom) > now) {
        return refusal(
            `the certificate of ${describe(certificate)} is not valid before ${new Date(certificate.validFrom).toISOString()}`,
            "Wait until then, or check the clock of this machine",
        );
    }
    return [];
}

function refuseAuthority(path: string, certificate: X509Certificate, now: Date): Refusal[] {
    if (!certificate.ca) {
        return [
            {
                path,
                problem: `the certificate of ${describe(certificate)} is not a CA`,
                expected: "certificates that may sign others",
                fix: "Pass the CA that issued the certificate, not the certificate itself",
            },
        ];
    }
    return refuseValidity(path, certificate, now);
}

/** Walks from the client certificate through what came with it to one of the given CAs. */
function refuseIssuer(chain: X509Certificate[], authorities: X509Certificate[]): Refusal[] {
    let current = chain[0];
    // Each step uses up one certificate, so that two that signed each other do not go round for ever.
    const unused = new Set(chain.slice(1));
    for (;;) {
        if (authorities.some((authority) => issued(authority, current))) {
            return [];
        }
        const next = [...unused].find((candidate) => issued(candidate, current));
        if (next === undefined) {
            return [
                {
                    path: "certificate",
                    problem: `the certificate of ${describe(current)} was not issued by ${authorities.map(describe).join(" or ")}`,
                    expected: "a certificate that the given CA signed, with every intermediate between them",
                    fix: "Add the missing intermediate, or pass the issuing CA as clientCa where it is not the server's CA",
                },
            ];
        }
        unused.delete(next);
        current = next;
    }
}

function issued(authority: X509Certificate, certificate: X509Certificate): boolean {
    return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function describe(certificate: X509Certificate): string {
    return JSON.stringify(certificate.subject.split("\n").join(", "));
}
