import assert from "node:assert/strict";
import fc from "fast-check";
import { RunError } from "@pulumi/pulumi";
import { readCrls } from "../../../plan/pki/crl";
import { CredentialPem, credentialWarnings, validateCredential } from "../../../plan/pki/credential";
import { explain } from "../../../plan/shared/violation";
import { readVault } from "../../../stacks/keyVault";
import { NOW, chain, keyPem, revocationList } from "../../support/certificates";
import { RUNS, assertHidden, assertRefusal, damaged, damagedInside, newSecrets } from "../../support/fuzz";

describe("certificates, keys and revocation lists", () => {
    const secrets = newSecrets();
    let pem: CredentialPem;

    before(async () => {
        const { root, intermediate, client } = await chain();
        secrets.pem = keyPem(client.key);
        pem = {
            certificate: client.certificate + intermediate.certificate,
            privateKey: secrets.pem,
            serverCa: root.certificate,
            clientCa: root.certificate,
            crl: await revocationList(root, []),
        };
        assert.deepEqual(validateCredential({ ...pem, crl: "" }, NOW), []);
    });

    it("damaged anywhere: no message has a part of the key", () => {
        for (const part of ["certificate", "privateKey", "serverCa", "clientCa", "crl"] as const) {
            fc.assert(
                fc.property(fc.oneof(damaged(pem[part]), damagedInside(pem[part]), fc.string()), (text) => {
                    const given = { ...pem, [part]: text };
                    const told = [...validateCredential(given, NOW).map(explain), ...credentialWarnings(given, NOW)];
                    assertHidden(secrets, told.join("\n"));
                }),
                { numRuns: RUNS },
            );
        }
    });

    it("a key in the place of each other text is in no message", () => {
        for (const part of ["certificate", "serverCa", "clientCa", "crl"] as const) {
            const told = validateCredential({ ...pem, [part]: pem.privateKey }, NOW).map(explain);
            assert.notEqual(told.length, 0, part);
            assertHidden(secrets, told.join("\n"));
        }
    });

    it("revocation lists that are none", () => {
        fc.assert(
            fc.property(fc.oneof(damaged(pem.crl ?? ""), fc.string()), (text) => void readCrls(text)),
            { numRuns: RUNS },
        );
    });

    it("what a Key Vault has: a certificate and its key, or a refusal without a part of the key", async () => {
        const whole = pem.privateKey + pem.certificate;
        const contentType = fc.constantFrom("application/x-pem-file", "application/x-pkcs12", undefined);
        let [read, refused] = [0, 0];
        await fc.assert(
            fc.asyncProperty(
                fc.oneof(fc.constant(whole), damaged(whole), fc.string()),
                contentType,
                async (value, type) => {
                    const vault = { getSecret: () => Promise.resolve({ value, properties: { contentType: type } }) };
                    try {
                        const found = await readVault("routes[0]", { vaultUrl: "x", certificate: "partner" }, vault);
                        assert.match(found.privateKey, /PRIVATE KEY/);
                        read += 1;
                    } catch (error) {
                        assertRefusal(error, RunError, secrets);
                        refused += 1;
                    }
                },
            ),
            { numRuns: RUNS },
        );
        assert.ok(read > 0 && refused > 0, `${read} read, ${refused} refused`);
    });
});
