import { X509Certificate, createPrivateKey } from "node:crypto";
import { oneLine } from "./certificateDetails";
import { lastHoursFrom, readLife } from "./expiry";
import { Violation } from "../shared/violation";

/*
 * Checks of certificates and keys as PEM texts. No violation holds key material.
 */

type Purpose = "client" | "server";

const PURPOSES = {
    client: { oid: "1.3.6.1.5.5.7.3.2", usage: "clientAuth", other: "server" },
    server: { oid: "1.3.6.1.5.5.7.3.1", usage: "serverAuth", other: "client" },
};

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function readCertificates(
    path: string,
    what: string,
    pem: string,
): { certificates: X509Certificate[]; violations: Violation[] } {
    const blocks = pem.match(PEM_CERTIFICATE) ?? [];
    if (blocks.length === 0) {
        const problem =
            pem.trim() === ""
                ? `${what} is missing, and there is no fallback to the system's`
                : `${what} has no "BEGIN CERTIFICATE" block`;
        return { certificates: [], violations: [pemViolation(path, problem)] };
    }
    try {
        return { certificates: blocks.map((block) => new X509Certificate(block)), violations: [] };
    } catch {
        return { certificates: [], violations: [pemViolation(path, `${what} cannot be read as X.509`)] };
    }
}

function pemViolation(path: string, problem: string): Violation {
    return {
        path,
        problem,
        expected: "one or more PEM certificates",
        fix: "Pass the text of the PEM file, not its path; check that it was not cut",
    };
}

export function validateKey(privateKey: string, leaf: X509Certificate): Violation[] {
    const violation = (problem: string, fix: string): Violation[] => [
        { path: "privateKey", problem, expected: "the unencrypted PEM key of the certificate", fix },
    ];
    let key;
    try {
        key = createPrivateKey(privateKey);
    } catch {
        return violation(
            "the private key cannot be read",
            "Pass the text of the PEM file; decrypt it first if it has a passphrase",
        );
    }
    return leaf.checkPrivateKey(key)
        ? []
        : violation(
              `the private key does not belong to the certificate of ${describeCertificate(leaf)}`,
              "Pass the key that the certificate was requested with",
          );
}

export function validatePurpose(leaf: X509Certificate, purpose: Purpose): Violation[] {
    const { oid, usage, other } = PURPOSES[purpose];
    // Without extended key usage a certificate is good for every purpose.
    if (leaf.keyUsage === undefined || leaf.keyUsage.includes(oid)) {
        return [];
    }
    return [
        {
            path: "certificate",
            problem: `the certificate of ${describeCertificate(leaf)} is not for ${purpose} authentication`,
            expected: `the extended key usage ${usage}`,
            fix: `Have it issued for ${purpose} authentication; a ${other} certificate does not do`,
        },
    ];
}

/** Refuses a certificate that nobody has renewed though it ends soon: what is not refused today is an outage later. */
export function validateLastHours(
    leaf: X509Certificate,
    minRemainingHours: number | undefined,
    now: Date,
): Violation[] {
    const life = readLife(leaf);
    const from = lastHoursFrom(life, minRemainingHours);
    if (now < from || now >= life.notAfter) {
        return [];
    }
    return [
        {
            path: "certificate",
            problem: `the certificate of ${describeCertificate(leaf)} expires at ${life.notAfter.toISOString()}`,
            expected: `a certificate that has been renewed by ${from.toISOString()}`,
            fix: "Renew it; to update with it all the same, lower minRemainingHours",
        },
    ];
}

export function validateValidity(path: string, certificate: X509Certificate, now: Date): Violation[] {
    const violation = (problem: string, fix: string): Violation[] => [
        { path, problem, expected: `a certificate that is valid at ${now.toISOString()}`, fix },
    ];
    if (new Date(certificate.validTo) <= now) {
        return violation(
            `the certificate of ${describeCertificate(certificate)} expired at ${new Date(certificate.validTo).toISOString()}`,
            "Renew it; Istio would send an expired certificate to the server all the same",
        );
    }
    if (new Date(certificate.validFrom) > now) {
        return violation(
            `the certificate of ${describeCertificate(certificate)} is not valid before ${new Date(certificate.validFrom).toISOString()}`,
            "Wait until then, or check the clock of this machine",
        );
    }
    return [];
}

export function validateAuthority(path: string, certificate: X509Certificate, now: Date): Violation[] {
    if (!certificate.ca) {
        return [
            {
                path,
                problem: `the certificate of ${describeCertificate(certificate)} is not a CA`,
                expected: "certificates that may sign others",
                fix: "Pass the CA that issued the certificate, not the certificate itself",
            },
        ];
    }
    return validateValidity(path, certificate, now);
}

/** Walks from the client certificate through what came with it to one of the given CAs. */
export function validateIssuer(chain: X509Certificate[], authorities: X509Certificate[]): Violation[] {
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
                    problem: `the certificate of ${describeCertificate(current)} was not issued by ${authorities.map(describeCertificate).join(" or ")}`,
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

export function describeCertificate(certificate: X509Certificate): string {
    return JSON.stringify(oneLine(certificate.subject));
}
