import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import fc from "fast-check";
import { issueCrl, readCrls } from "../../../../plan/pki/crl";
import { Issued, NOW, chain, keyPem } from "../../../support/certificates";

const DAY = 86_400_000;

/** Serial numbers with and without the bit that would make them negative, and leading zeros. */
const serial = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .filter((bytes) => bytes.some((byte) => byte > 0))
    .map((bytes) => Buffer.from(bytes).toString("hex"));
const revocation = fc.record({
    serial,
    revokedAt: fc.integer({ min: 0, max: 160 }).map((days) => new Date(NOW.getTime() - days * DAY).toISOString()),
});
const revocations = fc.uniqueArray(revocation, { maxLength: 4, selector: (one) => BigInt(`0x${one.serial}`) });

describe("issueCrl", function () {
    this.timeout(60_000);

    const issuers: Issued[] = [];
    const pem = (issuer: Issued) => ({ certificate: issuer.certificate, privateKey: keyPem(issuer.key) });

    before(async () => {
        for (const algorithm of ["EC", "RSA"] as const) {
            const { root, intermediate } = await chain(algorithm);
            issuers.push(root, intermediate);
        }
    });

    it("is what an independent reader expects: signed by the issuer, with every revocation and no other", async () => {
        await fc.assert(
            fc.asyncProperty(fc.constantFrom(0, 1, 2, 3), revocations, async (index, revoked) => {
                const issuer = issuers[index];
                const crl = new x509.X509Crl(issueCrl(pem(issuer), revoked));
                assert.ok(await crl.verify({ publicKey: new x509.X509Certificate(issuer.certificate) }));
                assert.equal(crl.issuer, issuer.subject);
                const number = (text: string) => BigInt(`0x${text}`);
                assert.deepEqual(
                    crl.entries.map((entry) => number(entry.serialNumber)),
                    revoked.map((one) => number(one.serial)),
                );
                assert.ok(crl.entries.every(({ revocationDate }) => revocationDate <= crl.thisUpdate));
            }),
            { numRuns: 40 },
        );
    });

    it("is the same text for the same arguments, so that an update without a change shows none", () => {
        fc.assert(
            fc.property(fc.constantFrom(0, 1, 2, 3), revocations, (index, revoked) => {
                const issuer = pem(issuers[index]);
                assert.equal(issueCrl(issuer, revoked), issueCrl(issuer, revoked));
            }),
            { numRuns: 20 },
        );
    });

    it("has a number that grows with every revocation", () => {
        fc.assert(
            fc.property(revocations, (revoked) => {
                const number = (count: number) => {
                    const crl = new x509.X509Crl(issueCrl(pem(issuers[0]), revoked.slice(0, count)));
                    const extension = crl.getExtension("2.5.29.20")?.value as ArrayBuffer;
                    return BigInt(`0x${Buffer.from(extension).subarray(2).toString("hex")}`);
                };
                revoked.forEach((_, count) => assert.ok(number(count) < number(count + 1)));
            }),
            { numRuns: 20 },
        );
    });

    it("is known again as its issuer's, and as nobody else's", () => {
        for (const issuer of issuers) {
            const [crl] = readCrls(issueCrl(pem(issuer), [])) ?? [];
            for (const other of issuers) {
                assert.equal(crl.isFrom(new X509Certificate(other.certificate)), other === issuer);
            }
        }
    });
});

describe("readCrls", () => {
    it("reads several lists of one text, none of a text without, and nothing of garbage", async () => {
        const { root, intermediate } = await chain();
        const text = [root, intermediate]
            .map(({ certificate, key }) => issueCrl({ certificate, privateKey: keyPem(key) }, []))
            .join("# and another\n");
        assert.equal(readCrls(text)?.length, 2);
        assert.deepEqual(readCrls("nothing"), []);
        assert.equal(readCrls("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----"), undefined);
    });
});
