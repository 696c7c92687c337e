import { X509Certificate, createPrivateKey } from "node:crypto";
import { refuseLabel, refuseSecretName } from "./names";
import { Refusal, under } from "./refusal";

/** PEM texts of one client credential. */
export interface CredentialPem extends ServerTrust {
    /** The client certificate, then any intermediates that the server does not have. */
    certificate: string;
    privateKey: string;
    /** CA certificates that issued the client certificate. */
    clientCa: string;
}

/** What a server is verified against. */
export interface ServerTrust {
    /** CA certificates, PEM. */
    serverCa: string;
}

/** What of a credential is known before anything is. */
export interface CredentialShape {
    secretName: string;
    hasGateway: boolean;
    workload?: { namespace: string; serviceAccounts?: string[] };
    hasCertificate: boolean;
    hasPrivateKey: boolean;
}

export function refuseCredentialShape(shape: CredentialShape): Refusal[] {
    return [
        ...refuseSecretName("secretName", shape.secretName),
        ...refuseUsers(shape),
        ...refuseHalf(shape),
        ...(shape.workload ? under("workload", refuseWorkload(shape.workload)) : []),
    ];
}

/** Who has which name. */
export class CredentialClaims {
    private readonly owners = new Map<string, string>();

    /** Claims the credential's name, or refuses it where another one has it. */
    claim(owner: string, { secretName, workload }: CredentialShape): Refusal[] {
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

function refuseUsers({ hasGateway, workload }: CredentialShape): Refusal[] {
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
export function refuseHalf({
    hasCertificate,
    hasPrivateKey,
}: Pick<CredentialShape, "hasCertificate" | "hasPrivateKey">): Refusal[] {
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

function refuseWorkload({ namespace, serviceAccounts }: NonNullable<CredentialShape["workload"]>): Refusal[] {
    const nobody: Refusal[] =
        serviceAccounts?.length === 0
            ? [
                  {
                      path: "serviceAccounts",
                      problem: "the list is empty, so no sidecar could read the credential",
                      expected: "at least one service account, or no list where sidecars take it from files",
                      fix: "Name the service accounts, or leave the list out",
                  },
              ]
            : [];
    return [
        ...refuseLabel("namespace", namespace, "a namespace"),
        ...nobody,
        ...(serviceAccounts ?? []).flatMap((account, index) =>
            refuseLabel(`serviceAccounts[${index}]`, account, "a service account"),
        ),
    ];
}

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Checks what a server is verified against, as of `now`. */
export function refuseServerTrust({ serverCa }: ServerTrust, now: Date): Refusal[] {
    const { certificates, refusals } = readServerCa(serverCa);
    return [...refusals, ...certificates.flatMap((certificate) => refuseAuthority("serverCa", certificate, now))];
}

function readServerCa(pem: string) {
    return readCertificates("serverCa", "the CA that the partner's server is verified against", pem);
}

/** Checks certificate, key and CAs against each other, as of `now`. No refusal holds key material. */
export function refuseCredential(pem: CredentialPem, now: Date): Refusal[] {
    const chain = readCertificates("certificate", "the client certificate", pem.certificate);
    const serverCa = readServerCa(pem.serverCa);
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
                ? `${what} is missing, and there is no fallback to the system's`
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
