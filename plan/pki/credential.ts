import { X509Certificate } from "node:crypto";
import { readCrls } from "./crl";
import { readLife, warnOfExpiry } from "./expiry";
import { validateLabel, validateSecretName } from "../shared/names";
import {
    describeCertificate,
    readCertificates,
    validateAuthority,
    validateIssuer,
    validateKey,
    validateLastHours,
    validatePurpose,
    validateValidity,
} from "./pem";
import { Violation, under } from "../shared/violation";

/** PEM texts of one client credential. */
export interface CredentialPem extends ServerTrust {
    /** The client certificate, then any intermediates that the server does not have. */
    certificate: string;
    privateKey: string;
    /** CA certificates that issued the client certificate. */
    clientCa: string;
    /** Hours before its expiry within which the client certificate must have been replaced. Default: by its validity. */
    minRemainingHours?: number;
}

/** What a server is verified against. */
export interface ServerTrust {
    /** CA certificates, PEM. */
    serverCa: string;
    /** Their revocation lists, PEM; empty for none. */
    crl: string;
}

/** What of a credential is known before anything is. */
export interface CredentialOptions {
    secretName: string;
    hasGateway: boolean;
    workload?: { namespace: string; serviceAccounts?: string[] };
    hasCertificate: boolean;
    hasPrivateKey: boolean;
}

export function validateCredentialOptions(shape: CredentialOptions): Violation[] {
    return [
        ...validateSecretName("secretName", shape.secretName),
        ...validateUsers(shape),
        ...validateHalf(shape),
        ...(shape.workload ? under("workload", validateWorkload(shape.workload)) : []),
    ];
}

/** Who has which name. */
export class CredentialClaims {
    private readonly owners = new Map<string, string>();

    /** Claims the credential's name, or refuses it where another one has it. */
    claim(owner: string, { secretName, workload }: CredentialOptions): Violation[] {
        const key = `${workload?.namespace ?? "the gateway"} ${secretName}`;
        const other = this.owners.get(key);
        if (other === undefined) {
            this.owners.set(key, owner);
            return [];
        }
        return [
            {
                path: "secretName",
                value: secretName,
                problem:
                    `is already the name of EgressCredential ${JSON.stringify(other)}, and of a client certificate and a ` +
                    "CA of one name Istio would take the CA of the second for both",
                expected: "a name for each credential",
                fix: "Rename one of the two",
            },
        ];
    }
}

function validateUsers({ hasGateway, workload }: CredentialOptions): Violation[] {
    if (hasGateway !== (workload !== undefined)) {
        return [];
    }
    return [
        {
            path: "gateway",
            problem: hasGateway
                ? "is given together with workload, and a secret is in one namespace"
                : "is missing, and there is no workload either",
            expected: "the gateway or the workloads that use the credential, one of them",
            fix: hasGateway ? "Leave one out, or make two credentials" : "Pass gateway: the EgressGateway",
        },
    ];
}

/** Refuses a certificate without its key, and a key without its certificate. */
export function validateHalf({
    hasCertificate,
    hasPrivateKey,
}: Pick<CredentialOptions, "hasCertificate" | "hasPrivateKey">): Violation[] {
    if (hasCertificate === hasPrivateKey) {
        return [];
    }
    const [given, missing] = hasCertificate ? ["certificate", "privateKey"] : ["privateKey", "certificate"];
    return [
        {
            path: missing,
            problem: `is missing, and ${given} is given`,
            expected: "both for a client certificate, neither for a CA only",
            fix: `Pass ${missing} too, or leave ${given} out`,
        },
    ];
}

function validateWorkload({ namespace, serviceAccounts }: NonNullable<CredentialOptions["workload"]>): Violation[] {
    const nobody: Violation[] =
        serviceAccounts?.length === 0
            ? [
                  {
                      path: "serviceAccounts",
                      problem: "the list is empty, so no sidecar could read the credential",
                      expected: "at least one service account, or no list where sidecars take it from files",
                      fix: "Name the service accounts, or remove the list",
                  },
              ]
            : [];
    return [
        ...validateLabel("namespace", namespace, "a namespace"),
        ...nobody,
        ...(serviceAccounts ?? []).flatMap((account, index) =>
            validateLabel(`serviceAccounts[${index}]`, account, "a service account"),
        ),
    ];
}

/** Checks what a server is verified against, as of `now`. */
export function validateServerTrust({ serverCa, crl }: ServerTrust, now: Date): Violation[] {
    const { certificates, violations } = readServerCa(serverCa);
    return [
        ...violations,
        ...certificates.flatMap((certificate) => validateAuthority("serverCa", certificate, now)),
        ...validateCrl(crl, certificates, now),
    ];
}

function readServerCa(pem: string) {
    return readCertificates("serverCa", "the CA that the partner's server is verified against", pem);
}

/** With a list of one CA, a proxy refuses whatever comes from a CA without one. */
function validateCrl(crl: string, authorities: X509Certificate[], now: Date): Violation[] {
    if (crl === "") {
        return [];
    }
    const lists = readCrls(crl) ?? [];
    const violation = (problem: string, fix: string): Violation => ({
        path: "crl",
        problem,
        expected: "a list in force of each CA of serverCa, PEM, and so of every CA above a server's certificate",
        fix,
    });
    if (lists.length === 0) {
        return [
            violation(
                "cannot be read as revocation lists",
                "Pass the text of the PEM file; convert DER with openssl crl",
            ),
        ];
    }
    return authorities.flatMap((authority) => {
        const own = lists.filter((list) => list.isFrom(authority));
        if (own.length === 0) {
            const problem = `has no list of ${describeCertificate(authority)}, and so every server would be refused`;
            return [violation(problem, "Append the list of that CA, or leave crl out")];
        }
        return own.some(({ thisUpdate, nextUpdate }) => thisUpdate <= now && (!nextUpdate || nextUpdate > now))
            ? []
            : [
                  violation(
                      `the list of ${describeCertificate(authority)} is not in force at ${now.toISOString()}`,
                      "Fetch the current one",
                  ),
              ];
    });
}

/** Checks certificate, key and CAs against each other, as of `now`. No violation holds key material. */
export function validateCredential(pem: CredentialPem, now: Date): Violation[] {
    const chain = readCertificates("certificate", "the client certificate", pem.certificate);
    const serverCa = readServerCa(pem.serverCa);
    const clientCa = readCertificates("clientCa", "the CA of the client certificate", pem.clientCa);
    const unreadable = [chain, serverCa, ...(pem.clientCa === pem.serverCa ? [] : [clientCa])].flatMap(
        (read) => read.violations,
    );
    const leaf = chain.certificates[0];
    if (unreadable.length > 0 || leaf === undefined) {
        return [...unreadable, ...(leaf ? validateKey(pem.privateKey, leaf) : [])];
    }
    return [
        ...validateKey(pem.privateKey, leaf),
        ...validatePurpose(leaf, "client"),
        ...chain.certificates.flatMap((certificate) => validateValidity("certificate", certificate, now)),
        ...validateLastHours(leaf, pem.minRemainingHours, now),
        ...serverCa.certificates.flatMap((certificate) => validateAuthority("serverCa", certificate, now)),
        ...(pem.clientCa === pem.serverCa
            ? []
            : clientCa.certificates.flatMap((certificate) => validateAuthority("clientCa", certificate, now))),
        ...validateIssuer(chain.certificates, clientCa.certificates),
        ...validateCrl(pem.crl, serverCa.certificates, now),
    ];
}

/** What of an accepted credential will expire soon, a sentence each. */
export function credentialWarnings(pem: Partial<CredentialPem>, now: Date): string[] {
    return (["certificate", "serverCa", "clientCa"] as const)
        .filter((path) => path !== "clientCa" || pem.clientCa !== pem.serverCa)
        .flatMap((path) =>
            readCertificates(path, path, pem[path] ?? "").certificates.flatMap((certificate) =>
                warnOfExpiry(
                    `the certificate of ${describeCertificate(certificate)} in ${path}`,
                    readLife(certificate),
                    now,
                ),
            ),
        );
}
