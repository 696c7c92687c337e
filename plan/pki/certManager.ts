import { KeyAlgorithm } from "./keyAlgorithm";
import { CertificateLifetime, validateClients, validateLifetimes } from "./chain";
import { validateHosts } from "../shared/host";
import { validateLabel, validateSecretName } from "../shared/names";
import { Violation } from "../shared/violation";

/**
 * An authority in the namespace of the certificates that it issues. cert-manager accepts requests for an Issuer only
 * from its own namespace, but for a ClusterIssuer from every namespace, including tenants'.
 */
export interface ResolvedCertManager {
    /** Name of its Issuer, and prefix of the names of its other objects. */
    name: string;
    /** Namespace of the authority with its key, and of everything that it issues. */
    namespace: string;
    organization: string;
    keyAlgorithm: KeyAlgorithm;
    root: CertificateLifetime;
    leaf: CertificateLifetime;
}

/** A server or client certificate. */
export interface EndCertificate {
    secretName: string;
    commonName?: string;
    dnsNames?: string[];
    purpose: "server" | "client";
}

export interface CertManagerObject {
    apiVersion: string;
    kind: "Certificate" | "Issuer";
    metadata: { name: string; namespace: string; annotations?: Record<string, string> };
    spec: Record<string, unknown>;
}

export interface CertManagerOptions {
    namespace: string;
    serverHosts?: string[];
    serverSecret: string;
    clients: { name: string; secretName: string }[];
    root: CertificateLifetime;
    leaf: CertificateLifetime;
}

const API_VERSION = "cert-manager.io/v1";

export function validateCertManager(shape: CertManagerOptions): Violation[] {
    const { clients, serverHosts } = shape;
    const nobody: Violation[] =
        clients.length > 0 || serverHosts !== undefined
            ? []
            : [
                  {
                      path: "clients",
                      problem: "is empty, and there is no server either",
                      expected: "at least one certificate to issue",
                      fix: "Set clients or serverHosts",
                  },
              ];
    return [
        ...validateLabel("namespace", shape.namespace, "a namespace"),
        ...nobody,
        ...(serverHosts ? validateHosts("serverHosts", serverHosts) : []),
        ...(serverHosts ? validateLabel("serverSecret", shape.serverSecret, "a secret") : []),
        ...validateClients(clients.map(({ name }) => name)),
        ...clients.flatMap(({ secretName }, index) => validateSecretName(`clients[${index}].secretName`, secretName)),
        ...validateLifetimes({ root: shape.root, leaf: shape.leaf }),
    ];
}

/** The authority: a self-signed root, and the issuer of all other certificates. */
export function authorityObjects(
    request: ResolvedCertManager,
): Record<"selfSigned" | "root" | "issuer", CertManagerObject> {
    const { name, namespace, organization, root } = request;
    const selfSigned = issuer({ name: `${name}-self-signed`, namespace }, { selfSigned: {} });
    return {
        selfSigned,
        root: certificate(
            { name: `${name}-root`, namespace },
            {
                isCA: true,
                commonName: `${name} root`,
                subject: { organizations: [organization] },
                usages: ["cert sign", "crl sign"],
                // With a new key, the certificates that it has issued would not verify against the new root.
                privateKey: { ...privateKey(request), rotationPolicy: "Never" },
                ...lifetime(root),
                issuerRef: issuerReference(selfSigned.metadata.name),
            },
        ),
        issuer: issuer({ name, namespace }, { ca: { secretName: `${name}-root` } }),
    };
}

/** A certificate that cert-manager renews by itself, with a new key each time, in a secret with its CA as `ca.crt`. */
export function endCertificate(request: ResolvedCertManager, end: EndCertificate): CertManagerObject {
    return certificate(
        { name: end.secretName, namespace: request.namespace },
        {
            ...(end.commonName !== undefined && { commonName: end.commonName }),
            ...(end.dnsNames && { dnsNames: end.dnsNames }),
            subject: { organizations: [request.organization] },
            usages: ["digital signature", `${end.purpose} auth`],
            privateKey: { ...privateKey(request), rotationPolicy: "Always" },
            ...lifetime(request.leaf),
            issuerRef: issuerReference(request.name),
        },
    );
}

function certificate(metadata: { name: string; namespace: string }, spec: Record<string, unknown>): CertManagerObject {
    return {
        apiVersion: API_VERSION,
        kind: "Certificate",
        // Resources that need the certificate are created only after it is issued.
        metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: { secretName: metadata.name, ...spec },
    };
}

function issuer(metadata: { name: string; namespace: string }, spec: Record<string, unknown>): CertManagerObject {
    return {
        apiVersion: API_VERSION,
        kind: "Issuer",
        metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec,
    };
}

function issuerReference(name: string) {
    return { group: "cert-manager.io", kind: "Issuer", name };
}

function privateKey({ keyAlgorithm }: ResolvedCertManager) {
    const kinds = {
        ecdsaP256: { algorithm: "ECDSA", size: 256 },
        rsa2048: { algorithm: "RSA", size: 2048 },
        rsa4096: { algorithm: "RSA", size: 4096 },
    };
    return { ...kinds[keyAlgorithm], encoding: "PKCS8" };
}

function lifetime({ validityHours, renewalHours }: CertificateLifetime) {
    return { duration: `${validityHours}h`, renewBefore: `${renewalHours}h` };
}
