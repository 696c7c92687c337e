import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey } from "node:crypto";
import * as x509 from "@peculiar/x509";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { CertificateChain, CertificateChainArgs, KeyAlgorithm } from "../../../../components";
import { validateCredential } from "../../../../plan/pki/credential";
import { anyChain, generations } from "../../../support/chains";
import { RecordOptions, UNKNOWN, record, refusedPaths, run, valueOf } from "../../../support/mocks";
import { verify } from "../../../support/openssl";

const good: CertificateChainArgs = {
    serverHosts: ["a.example", "b.example"],
    clients: [{ name: "app" }, { name: "job" }],
};

async function make(args: CertificateChainArgs, options?: RecordOptions) {
    const recorder = await record(options);
    const chain = await run(recorder, () => new CertificateChain("chain", args));
    return { recorder, chain };
}

/** The certificates of a PEM text, read by two readers that share no code with what made them. */
function read(pem: string) {
    return (pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((one) => ({
        node: new X509Certificate(one),
        peculiar: new x509.X509Certificate(one),
    }));
}

describe("CertificateChain", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    it("makes client credentials that an EgressCredential takes", async () => {
        const { chain } = await make(good);
        const ca = await valueOf(chain.caCertificates);
        for (const name of ["app", "job"]) {
            const pem = {
                certificate: (await valueOf(chain.clientCertificates))[name],
                privateKey: (await valueOf(chain.clientKeys))[name],
                serverCa: ca,
                clientCa: ca,
                crl: "",
            };
            assert.deepEqual(validateCredential(pem, new Date()), []);
            const [root] = ca.split(/(?=-----BEGIN)/).slice(-1);
            assert.deepEqual(validateCredential({ ...pem, clientCa: root }, new Date()), [], "for the root alone");
        }
    });

    it("makes a server certificate for all hosts, with its key", async () => {
        const { chain } = await make(good);
        const server = new X509Certificate(await valueOf(chain.serverCertificate));
        assert.equal(server.subjectAltName, "DNS:a.example, DNS:b.example");
        assert.ok(server.checkPrivateKey(createPrivateKey(await valueOf(chain.serverKey))));
    });

    it("makes no server certificate without hosts", async () => {
        const { recorder, chain } = await make({ clients: good.clients });
        assert.equal(await valueOf(chain.serverCertificate), "");
        assert.equal(await valueOf(chain.serverKey), "");
        assert.ok(!recorder.resources.some(({ name }) => name.startsWith("chain-server")));
    });

    it("keeps every key a secret, and gives out none of a CA", async () => {
        const { recorder, chain } = await make(good);
        assert.ok(await pulumi.isSecret(chain.clientKeys));
        assert.ok(await pulumi.isSecret(chain.serverKey));
        const authorities = recorder.resources
            .filter(({ name }) => /^chain-intermediate-1-request$|^chain-root-1$/.test(name))
            .map(({ inputs }) => inputs.privateKeyPem as string);
        const given = JSON.stringify(await Promise.all([valueOf(chain.clientKeys), valueOf(chain.serverKey)]));
        assert.equal(authorities.length, 2);
        const body = (pem: string) => createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
        assert.ok(authorities.every((pem) => !given.includes(JSON.stringify(body(pem)).slice(1, -1))));
    });

    it("has ECDSA keys unless RSA is asked for", async () => {
        const algorithms = async (keyAlgorithm?: KeyAlgorithm) => {
            const { recorder } = await make({ keyAlgorithm });
            const { algorithm, ecdsaCurve, rsaBits } = recorder.named("chain-root-1-key").inputs;
            return { algorithm, ecdsaCurve, rsaBits };
        };
        assert.deepEqual(await algorithms(), { algorithm: "ECDSA", ecdsaCurve: "P256", rsaBits: undefined });
        const rsa = await algorithms(KeyAlgorithm.Rsa2048);
        assert.deepEqual(rsa, { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 2048 });
        assert.equal((await algorithms(KeyAlgorithm.Rsa4096)).rsaBits, 4096);
    });

    it("lets the intermediate issue leaves only, and renews everything in time", async () => {
        const { recorder } = await make(good);
        const intermediate = recorder.named("chain-intermediate-1").inputs;
        assert.equal(intermediate.maxPathLength, 0);
        assert.equal(intermediate.isCaCertificate, true);
        const leaf = recorder.named("chain-client-app").inputs;
        assert.equal(leaf.isCaCertificate, undefined);
        assert.deepEqual(leaf.allowedUses, ["digital_signature", "client_auth"]);
        assert.equal(leaf.validityPeriodHours, 90 * 24);
        assert.equal(leaf.earlyRenewalHours, 30 * 24);
    });

    it("leaves the common name out where it would be too long for one", async () => {
        const host = `${"long-label.".repeat(7)}example`;
        const { recorder } = await make({ serverHosts: [host] });
        const { subject, dnsNames } = recorder.named("chain-server-request").inputs;
        assert.deepEqual(subject, { organization: "mesh-egress" });
        assert.deepEqual(dnsNames, [host]);
    });

    it("can be previewed while nothing of it is known", async () => {
        const recorder = await record({ preview: true });
        await run(recorder, () => new CertificateChain("chain", good));
        assert.equal(recorder.named("chain-client-app").inputs.caCertPem, UNKNOWN);
    });

    it("makes chains that two independent readers and openssl find right", async () => {
        await fc.assert(
            fc.asyncProperty(anyChain, async (args) => {
                const { chain } = await make(args);
                const trusted = await valueOf(chain.caCertificates);
                const server = await valueOf(chain.serverCertificate);
                const clients = Object.values(await valueOf(chain.clientCertificates));
                const roots = read(trusted).filter(({ node }) => node.checkIssued(node));
                assert.equal(roots.length, args.generations?.length);

                for (const [shown, purpose] of [[server, "sslserver"], ...clients.map((one) => [one, "sslclient"])]) {
                    assert.equal(verify({ shown, trusted, purpose: purpose as "sslclient" }), "");
                    const [leaf, ...authorities] = read(shown);
                    assertLeaf(leaf, purpose === "sslserver" ? args.serverHosts : undefined);
                    authorities.forEach((authority) => assertAuthority(authority));
                    // From the leaf up, then each root on its own.
                    assertIssued(leaf, authorities[0]);
                    authorities
                        .filter(({ node }) => !node.checkIssued(node))
                        .forEach((authority) => {
                            const issuer = roots.find(({ node }) => authority.node.checkIssued(node));
                            assert.ok(issuer, `nobody issued ${authority.node.subject}`);
                            assertIssued(authority, issuer);
                        });
                }
                roots.forEach((root) => assertAuthority(root));
            }),
            { numRuns: 15 },
        );
    });

    it("shows certificates that are accepted before and after any rotation that keeps a generation", async () => {
        const rotation = fc.tuple(generations, generations);
        await fc.assert(
            fc.asyncProperty(rotation, async ([before, after]) => {
                const keys = new Map();
                const seen = [];
                for (const list of [before, after]) {
                    const { chain } = await make({ ...good, generations: list }, { keys });
                    seen.push({
                        trusted: await valueOf(chain.caCertificates),
                        server: await valueOf(chain.serverCertificate),
                        client: (await valueOf(chain.clientCertificates)).app,
                    });
                }
                const keepsOne = before.some((generation) => after.includes(generation));
                for (const [shown, { trusted }] of [seen, seen.toReversed()]) {
                    assert.equal(verify({ shown: shown.server, trusted, purpose: "sslserver" }) === "", keepsOne);
                    assert.equal(verify({ shown: shown.client, trusted, purpose: "sslclient" }) === "", keepsOne);
                }
            }),
            { numRuns: 15, examples: [[[[1], [2, 1]]], [[[2, 1], [2]]], [[[1], [2]]]] },
        );
    });

    it("renews with the same key, so that old and new authorities are good for each other's certificates", async () => {
        const keys = new Map();
        const [old, renewed] = [await make(good, { keys }), await make(good, { keys })];
        const serials = async ({ chain }: typeof old) =>
            (await valueOf(chain.certificates)).map(({ serial }) => serial);
        const before = await serials(old);
        assert.ok((await serials(renewed)).every((serial) => !before.includes(serial)));
        for (const [one, other] of [
            [old, renewed],
            [renewed, old],
        ]) {
            const trusted = await valueOf(one.chain.caCertificates);
            assert.equal(
                verify({ shown: await valueOf(other.chain.serverCertificate), trusted, purpose: "sslserver" }),
                "",
            );
        }
    });

    it("lists revoked certificates for openssl, which then refuses them and no others", async () => {
        const keys = new Map();
        for (const generations of [[1], [2, 1]]) {
            const { chain } = await make({ ...good, generations, revoked: [] }, { keys });
            const [trusted, crls] = await Promise.all([valueOf(chain.caCertificates), valueOf(chain.crls)]);
            const { app, job } = await valueOf(chain.clientCertificates);
            for (const shown of [app, job]) {
                assert.equal(verify({ shown, trusted, purpose: "sslclient", crls }), "");
            }
            const facts = await valueOf(chain.certificates);
            const serial = facts.find(({ name }) => name === "client-app")?.serial as string;
            const revoked = [{ serial, revokedAt: new Date(Date.now() - 1000).toISOString() }];
            const { chain: later } = await make({ ...good, generations, revoked }, { keys });
            const listed = await valueOf(later.crls);
            assert.match(verify({ shown: app, trusted, purpose: "sslclient", crls: listed }), /certificate revoked/);
            assert.equal(verify({ shown: job, trusted, purpose: "sslclient", crls: listed }), "");
            assert.equal((listed.match(/BEGIN X509 CRL/g) ?? []).length, 2 * generations.length);
        }
    });

    it("makes revocation lists only where there is something to say, and keeps them no secret", async () => {
        assert.equal(await valueOf((await make(good)).chain.crls), "");
        const { chain } = await make({ ...good, revoked: [] });
        assert.ok((await valueOf(chain.crls)).includes("BEGIN X509 CRL"));
        assert.ok(!(await pulumi.isSecret(chain.crls)));
    });

    it("refuses revocations that are none or in the future, which would make the whole list invalid", async () => {
        const revoked = [
            { serial: "xyz", revokedAt: "2026-01-01T00:00:00Z" },
            { serial: "0a:0b", revokedAt: "yesterday" },
            { serial: "0a0b", revokedAt: new Date(Date.now() + 3_600_000).toISOString() },
        ];
        assert.deepEqual(await refusedPaths(() => new CertificateChain("chain", { revoked })), [
            "revoked[0].serial",
            "revoked[1].revokedAt",
            "revoked[2].revokedAt",
        ]);
    });

    it("tells the facts of every certificate, and no key", async () => {
        const leaf = { validityHours: 24, renewalHours: 8 };
        const { chain } = await make({ ...good, leaf });
        const facts = await valueOf(chain.certificates);
        assert.deepEqual(
            facts.map(({ name }) => name),
            ["root-1", "intermediate-1", "server", "client-app", "client-job"],
        );
        const server = new X509Certificate(await valueOf(chain.serverCertificate));
        const end = new Date(server.validTo);
        assert.deepEqual(facts[2], {
            name: "server",
            subject: "O=mesh-egress, CN=a.example",
            issuer: "O=mesh-egress, CN=chain intermediate 1",
            subjectAltNames: ["a.example", "b.example"],
            serial: server.serialNumber.toLowerCase(),
            notBefore: new Date(server.validFrom).toISOString(),
            notAfter: end.toISOString(),
            renewFrom: new Date(end.getTime() - 8 * 3_600_000).toISOString(),
        });
        assert.ok(!(await pulumi.isSecret(chain.certificates)));
        assert.ok(!JSON.stringify(facts).includes("PRIVATE KEY"));
    });

    it("refuses a renewal window that is not shorter than the validity before anything is registered", async () => {
        const leaf = { validityHours: 24, renewalHours: 24 };
        assert.deepEqual(await refusedPaths(() => new CertificateChain("chain", { leaf })), ["leaf.renewalHours"]);
        const root = { validityHours: 24, renewalHours: 25 };
        assert.deepEqual(await refusedPaths(() => new CertificateChain("chain", { root })), ["root.renewalHours"]);
    });

    it("refuses hosts and names that are none", async () => {
        const bad = { serverHosts: ["192.0.2.1"], clients: [{ name: "a" }, { name: "a" }] };
        assert.deepEqual(await refusedPaths(() => new CertificateChain("chain", bad)), [
            "serverHosts[0]",
            "clients[1].name",
        ]);
    });
});

type Read = ReturnType<typeof read>[number];

function usages({ peculiar }: Read) {
    return peculiar.getExtension(x509.KeyUsagesExtension)?.usages;
}

function assertLeaf(leaf: Read, hosts?: string[]): void {
    assert.equal(leaf.node.ca, false);
    assert.equal(leaf.node.subjectAltName, hosts?.map((one) => `DNS:${one}`).join(", "));
    assert.equal(usages(leaf), x509.KeyUsageFlags.digitalSignature);
    const purpose = hosts ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
    assert.deepEqual(leaf.node.keyUsage, [purpose]);
}

function assertAuthority(authority: Read): void {
    assert.equal(authority.node.ca, true);
    const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
    assert.equal(usages(authority), keyCertSign | cRLSign);
    const isIntermediate = authority.node.subject.includes("intermediate");
    const limit = isIntermediate ? 0 : authority.node.checkIssued(authority.node) ? 2 : 1;
    assert.equal(authority.peculiar.getExtension(x509.BasicConstraintsExtension)?.pathLength, limit);
}

/** One signed the other, says so by its key, and outlives it. */
function assertIssued(certificate: Read, issuer: Read): void {
    assert.ok(certificate.node.verify(issuer.node.publicKey));
    const claimed = certificate.peculiar.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
    assert.equal(claimed, issuer.peculiar.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId);
    assert.ok(claimed);
    assert.ok(certificate.peculiar.notAfter <= issuer.peculiar.notAfter);
    assert.ok(certificate.peculiar.notBefore >= issuer.peculiar.notBefore);
}
