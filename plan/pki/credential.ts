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
    /** The client certificate, followed by any intermediates that the server does not have. */
    certificate: string;
    privateKey: string;
    /** CA certificates that issued the client certificate. */
    clientCa: string;
    /** Hours before its expiry in which the client certificate is refused. Default: derived from its validity. */
    minRemainingHours?: number;
}

/** CA and revocation lists against which a server is verified. */
export interface ServerTrust {
    /** CA certificates, PEM. */
    serverCa: string;
    /** Their revocation lists, PEM. Empty for none. */
    crl: string;
}

/** Properties of a credential that are known before the update. */
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

/** Owner of each name. */
export class CredentialClaims {
    private readonly owners = new Map<string, string>();

    /** Claims the credential's name, or refuses it if another credential has it. */
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
                expected: "a unique name for each credential",
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
                ? "cannot be set together with workload, because a secret is in one namespace"
                : "is missing, and so is workload",
            expected: "either gateway or workload",
            fix: hasGateway ? "Remove one, or create two credentials" : "Pass gateway: the EgressGateway",
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
            problem: `is missing, but ${given} is set`,
            expected: "both for a client certificate, or neither for a CA only",
            fix: `Set ${missing} too, or remove ${given}`,
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
                      expected: "at least one service account, or no list if sidecars read it from files",
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

/** Checks the CA and revocation lists for a server, as of `now`. */
export function validateServerTrust({ serverCa, crl }: ServerTrust, now: Date): Violation[] {
    const { certificates, violations } = readServerCa(serverCa);
    return [
        ...violations,
        ...certificates.flatMap((certificate) => validateAuthority("serverCa", certificate, now)),
        ...validateCrl(crl, certificates, now),
    ];
}

function readServerCa(pem: string) {
    return readCertificates("serverCa", "the CA of the partner's server", pem);
}

/** If one CA has a list, a proxy refuses certificates from every CA without one. */
function validateCrl(crl: string, authorities: X509Certificate[], now: Date): Violation[] {
    if (crl === "") {
        return [];
    }
    const lists = readCrls(crl) ?? [];
    const violation = (problem: string, fix: string): Violation => ({
        path: "crl",
        problem,
        expected: "a current revocation list of every CA in serverCa, PEM",
        fix,
    });
    if (lists.length === 0) {
        return [
            violation(
                "cannot be read as PEM revocation lists",
                "Pass the text of the PEM file; convert DER with: openssl crl -inform DER",
            ),
        ];
    }
    return authorities.flatMap((authority) => {
        const own = lists.filter((list) => list.isFrom(authority));
        if (own.length === 0) {
            const problem = `has no list of ${describeCertificate(authority)}, so every server would be refused`;
            return [violation(problem, "Add the list of that CA, or remove crl")];
        }
        return own.some(({ thisUpdate, nextUpdate }) => thisUpdate <= now && (!nextUpdate || nextUpdate > now))
            ? []
            : [
                  violation(
                      `the list of ${describeCertificate(authority)} is not valid at ${now.toISOString()}`,
                      "Fetch the current list from the CA",
                  ),
              ];
    });
}

/** Checks certificate, key and CAs against each other, as of `now`. No violation contains key material. */
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

/** Warnings about parts of a valid credential that expire soon. */
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
