import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { reveal, Secret, type Properties } from "../../../../lab/standins/shared/values";
import { TlsStandIn } from "../../../../lab/standins/tls/provider";
import { readyForRenewal } from "../../../../lab/standins/tls/renewal";

const standIn = new TlsStandIn("0.0.0");
const make = async (kind: string, inputs: Properties) =>
    (await standIn.create({ urn: "", type: `tls:index/x:${kind}`, inputs, preview: false, timeoutSeconds: 0 })).outputs;

describe("the stand-in for tls", () => {
    const kinds: Properties[] = [
        { algorithm: "ECDSA", ecdsaCurve: "P256" },
        { algorithm: "ECDSA", ecdsaCurve: "P384" },
        { algorithm: "ECDSA", ecdsaCurve: "P521" },
        { algorithm: "RSA", rsaBits: 2048 },
        { algorithm: "ED25519" },
    ];
    for (const settings of kinds) {
        it(`makes keys and certificates with ${JSON.stringify(settings)}`, async () => {
            const key = await make("PrivateKey", settings);
            assert.ok(["privateKeyPem", "privateKeyPemPkcs8"].every((name) => key[name] instanceof Secret));
            const root = await make("SelfSignedCert", {
                privateKeyPem: key["privateKeyPem"],
                subject: { commonName: "root", organization: "Exämple", country: "SE" },
                allowedUses: ["cert_signing"],
                isCaCertificate: true,
                validityPeriodHours: 1,
                uris: ["spiffe://example/a"],
                ipAddresses: ["10.0.0.1", "::1"],
            });
            const certificate = new X509Certificate(root["certPem"] as string);
            assert.equal(certificate.subject, "C=SE\nO=Exämple\nCN=root");
            assert.equal(
                certificate.subjectAltName,
                "IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, URI:spiffe://example/a",
            );
            assert.ok(certificate.ca && certificate.verify(certificate.publicKey));
            assert.match(certificate.serialNumber, /^[4-7][0-9A-F]{31}$/);
            assert.equal(root["keyAlgorithm"], settings["algorithm"]);
            assert.ok(root["privateKeyPem"] instanceof Secret);
            const end = Date.parse(root["validityEndTime"] as string);
            assert.equal(end - Date.parse(root["validityStartTime"] as string), 3_600_000);
        });
    }

    it("refuses to sign with a key that is not the authority's", async () => {
        const [mine, other] = [await make("PrivateKey", kinds[0]), await make("PrivateKey", kinds[0])];
        const signing = { allowedUses: ["cert_signing"], validityPeriodHours: 1 };
        const ca = await make("SelfSignedCert", {
            ...signing,
            privateKeyPem: mine["privateKeyPem"],
            isCaCertificate: true,
        });
        const request = await make("CertRequest", { privateKeyPem: other["privateKeyPem"] });
        const inputs = {
            ...signing,
            caCertPem: ca["certPem"],
            caPrivateKeyPem: other["privateKeyPem"],
            certRequestPem: request["certRequestPem"],
        };
        await assert.rejects(make("LocallySignedCert", inputs), /caPrivateKeyPem is not the key of caCertPem/);
        const broken = { ...inputs, caPrivateKeyPem: new Secret("key text") };
        await assert.rejects(make("LocallySignedCert", broken), (error: Error) => {
            return error.message === "caPrivateKeyPem is not a private key in PEM";
        });
    });

    it("names a use that is none, and hides a key given in the open", async () => {
        const news = { privateKeyPem: "key", allowedUses: ["clientAuth"], validityPeriodHours: 1 };
        const request = {
            urn: "",
            type: "tls:index/x:SelfSignedCert",
            name: "x",
            olds: {},
            randomSeed: new Uint8Array(),
        };
        const { inputs, failures } = await standIn.check({ ...request, news });
        assert.deepEqual(
            failures?.map(({ property }) => property),
            ["allowedUses[0]"],
        );
        assert.ok(inputs["privateKeyPem"] instanceof Secret);
        assert.equal(reveal(inputs["privateKeyPem"]), "key");
    });

    it("wants a new certificate within the renewal hours and not before", () => {
        const outputs = { validityEndTime: "2030-01-01T12:00:00Z" };
        const at = (hour: string) => Date.parse(`2030-01-01T${hour}:00Z`);
        assert.equal(readyForRenewal(outputs, 2, at("09:59")), false);
        assert.equal(readyForRenewal(outputs, 2, at("10:00")), true);
        assert.equal(readyForRenewal(outputs, 0, at("11:59")), false);
        assert.equal(readyForRenewal(outputs, undefined, at("12:00")), true);
    });
});
