import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { missingLibraries, KeyVaultReference, Vault, keyVaultCertificate, readVault } from "../../../stacks/keyVault";
import { chain, keyPem } from "../../support/certificates";
import { record, valueOf } from "../../support/mocks";

/** Stands in for Azure's Key Vault, which cannot be had here: one secret, as the service would answer. */
class StandInVault implements Vault {
    asked: unknown[] = [];

    constructor(
        private readonly value: string,
        private readonly contentType = "application/x-pem-file",
    ) {}

    getSecret(name: string, options: { version?: string }) {
        this.asked.push([name, options.version]);
        return Promise.resolve({ value: this.value, properties: { contentType: this.contentType } });
    }
}

const reference: KeyVaultReference = { vaultUrl: "https://partners.example", certificate: "client", version: "2" };

describe("a certificate in a Key Vault", () => {
    it("is certificate, intermediates and key, wherever the key stands", async () => {
        const { client, intermediate } = await chain();
        const [key, certificates] = [keyPem(client.key), client.certificate + intermediate.certificate];
        for (const text of [key + certificates, certificates + key]) {
            const vault = new StandInVault(text);
            assert.deepEqual(await readVault("routes[0].keyVault", reference, vault), {
                certificate: certificates,
                privateKey: key,
            });
            assert.deepEqual(vault.asked, [["client", "2"]]);
        }
    });

    it("gives its key as a secret, and its certificate as none", async () => {
        await record();
        const { client } = await chain();
        const vault = new StandInVault(keyPem(client.key) + client.certificate);
        const pem = keyVaultCertificate("path", reference, () => Promise.resolve(vault));
        assert.ok(await pulumi.isSecret(pem.privateKey));
        assert.ok(!(await pulumi.isSecret(pem.certificate)));
        assert.equal(await valueOf(pem.certificate), client.certificate);
    });

    it("is refused as PKCS #12, without a key and without a certificate, and its key never repeated", async () => {
        const { client } = await chain();
        const key = keyPem(client.key);
        const refused = async (vault: Vault, problem: RegExp) => {
            await assert.rejects(readVault("routes[0].keyVault", reference, vault), (error: Error) => {
                assert.match(error.message, problem);
                assert.match(error.message, /^routes\[0\]\.keyVault: "client"/);
                assert.ok(!error.message.includes(key.split("\n")[1]));
                return true;
            });
        };
        await refused(new StandInVault("MIIK", "application/x-pkcs12"), /has the content type application\/x-pkcs12/);
        await refused(new StandInVault(client.certificate), /no private key/);
        await refused(new StandInVault(key), /no certificate/);
    });
});

describe("Azure's libraries", () => {
    it("are asked for by name where they are not installed, and other errors stay what they are", () => {
        const missing = Object.assign(new Error("Cannot find module '@azure/identity'"), { code: "MODULE_NOT_FOUND" });
        assert.match(String(missingLibraries(missing)), /npm install @azure\/identity @azure\/keyvault-secrets/);
        const other = Object.assign(new Error("Cannot find module 'x'"), { code: "MODULE_NOT_FOUND" });
        assert.equal(missingLibraries(other), other);
    });
});
