import * as pulumi from "@pulumi/pulumi";
import { explain } from "../plan/shared/violation";

/** A certificate in an Azure Key Vault. Its policy must have the PEM content type and an exportable key. */
export interface KeyVaultReference {
    /** URI of the vault, as printed by `az keyvault show --query properties.vaultUri`. */
    vaultUrl: string;
    /** Name of the certificate. */
    certificate: string;
    /** Version of the certificate. Default: the newest one. */
    version?: string;
}

/** Reads secrets from a vault, such as a `SecretClient` of @azure/keyvault-secrets. */
export interface Vault {
    getSecret(
        name: string,
        options: { version?: string },
    ): Promise<{ value?: string; properties: { contentType?: string } }>;
}

export interface VaultPem {
    certificate: string;
    privateKey: string;
}

const PEM_TYPE = "application/x-pem-file";

/** Certificate and key of a reference, as outputs. The key is a secret. */
export function keyVaultCertificate(path: string, reference: KeyVaultReference, open = openVault) {
    const pem = pulumi.secret(open(reference.vaultUrl).then((vault) => readVault(path, reference, vault)));
    return { certificate: pulumi.unsecret(pem.certificate), privateKey: pem.privateKey };
}

/** Reads certificate and key of a vault's certificate from the secret of the same name, which contains both. */
export async function readVault(path: string, reference: KeyVaultReference, vault: Vault): Promise<VaultPem> {
    const { certificate: name, version } = reference;
    const { value = "", properties } = await vault.getSecret(name, { version });
    if (properties.contentType !== PEM_TYPE) {
        throw refused(path, name, `has the content type ${properties.contentType ?? "unknown"}`);
    }
    const blocks = value.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
    const [keys, certificates] = [/PRIVATE KEY/, /CERTIFICATE/].map((kind) =>
        blocks.filter((block) => kind.test(block.slice(0, block.indexOf("\n")))),
    );
    if (keys.length === 0 || certificates.length === 0) {
        throw refused(path, name, keys.length === 0 ? "has no private key to export" : "has no certificate");
    }
    return { privateKey: `${keys[0]}\n`, certificate: certificates.map((block) => `${block}\n`).join("") };
}

function refused(path: string, name: string, problem: string): Error {
    const reason = explain({
        path,
        value: name,
        problem,
        expected: `a certificate with the content type ${PEM_TYPE} and an exportable key`,
        fix: "Change the policy of the certificate, and issue it again",
    });
    return new pulumi.RunError(`${path}: ${reason}`);
}

/** Loaded only for the first reference: nothing else needs Azure's libraries. */
async function openVault(url: string): Promise<Vault> {
    const [{ DefaultAzureCredential }, { SecretClient }] = await Promise.all([
        import("@azure/identity"),
        import("@azure/keyvault-secrets"),
    ]).catch((error: unknown) => {
        throw missingLibraries(error);
    });
    return new SecretClient(url, new DefaultAzureCredential());
}

/** Adds how to install Azure's libraries if they are missing. Other errors are unchanged. */
export function missingLibraries(error: unknown): unknown {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing || !/@azure\/(identity|keyvault-secrets)/.test(message)) {
        return error;
    }
    return new pulumi.RunError(
        "keyVault needs Azure's libraries, which are not installed with the package. " +
            "Run: npm install @azure/identity @azure/keyvault-secrets",
    );
}
