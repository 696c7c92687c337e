import { X509Certificate, createPrivateKey } from "node:crypto";
import { oneLine } from "./certificateDetails";
import { lastHoursFrom, readLife } from "./expiry";
import { Violation } from "../shared/violation";

/*
 * Checks of certificates and keys in PEM form. No violation contains key material.
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
                ? `${what} is missing, and the system's own CAs are not used instead`
                : `${what} has no "BEGIN CERTIFICATE" block`;
        return { certificates: [], violations: [pemViolation(path, problem)] };
    }
    try {
        return { certificates: blocks.map(readCertificate), violations: [] };
    } catch {
        return { certificates: [], violations: [pemViolation(path, `${what} cannot be read as X.509`)] };
    }
}

/** A certificate whose validity can be read; throws for any other. Node.js gives a damaged time as a text that is none. */
export function readCertificate(block: string): X509Certificate {
    const certificate = new X509Certificate(block);
    if ([certificate.validFrom, certificate.validTo].some((time) => Number.isNaN(Date.parse(time)))) {
        throw new Error("the certificate has no validity");
    }
    return certificate;
}

function pemViolation(path: string, problem: string): Violation {
    return {
        path,
        problem,
        expected: "one or more PEM certificates",
        fix: "Pass the text of the PEM file, not its path, and check that it is complete",
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
            "Pass the text of the PEM file. If it has a passphrase, decrypt it first",
        );
    }
    return leaf.checkPrivateKey(key)
        ? []
        : violation(
              `the private key does not belong to the certificate of ${describeCertificate(leaf)}`,
              "Pass the key with which the certificate was requested",
          );
}

export function validatePurpose(leaf: X509Certificate, purpose: Purpose): Violation[] {
    const { oid, usage, other } = PURPOSES[purpose];
    // Without an extended key usage, a certificate is valid for every purpose.
    if (leaf.keyUsage === undefined || leaf.keyUsage.includes(oid)) {
        return [];
    }
    return [
        {
            path: "certificate",
            problem: `the certificate of ${describeCertificate(leaf)} is not for ${purpose} authentication`,
            expected: `the extended key usage ${usage}`,
            fix: `Request a certificate for ${purpose} authentication; a ${other} certificate cannot be used`,
        },
    ];
}

/** Refuses a certificate that expires soon and was not renewed, before it causes an outage. */
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
            expected: `a certificate that was renewed before ${from.toISOString()}`,
            fix: "Renew it. To use it anyway, lower minRemainingHours",
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
            "Renew it. Istio would not check, and would send the expired certificate to the server",
        );
    }
    if (new Date(certificate.validFrom) > now) {
        return violation(
            `the certificate of ${describeCertificate(certificate)} is not valid before ${new Date(certificate.validFrom).toISOString()}`,
            "Wait until then, or check this machine's clock",
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
                expected: "CA certificates",
                fix: "Pass the CA that issued the certificate, not the certificate itself",
            },
        ];
    }
    return validateValidity(path, certificate, now);
}

/** Follows the chain from the client certificate through its intermediates to one of the given CAs. */
export function validateIssuer(chain: X509Certificate[], authorities: X509Certificate[]): Violation[] {
    let current = chain[0];
    // Each step removes one certificate, so two that signed each other do not cause an endless loop.
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
                    expected: "a certificate that the given CA signed, with all intermediates",
                    fix: "Add the missing intermediate, or pass the issuing CA as clientCa if it is not the server's CA",
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
