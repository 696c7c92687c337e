import assert from "node:assert/strict";
import fc from "fast-check";
import {
    CredentialPem,
    credentialWarnings,
    validateCredential,
    validateServerTrust,
} from "../../../../plan/pki/credential";
import { issueCrl } from "../../../../plan/pki/crl";
import { explain } from "../../../../plan/shared/violation";
import { Issued, NOW, chain, issue, keyPem, newKey } from "../../../support/certificates";

describe("validateCredential", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    let ours: { root: Issued; intermediate: Issued; client: Issued };
    let other: { root: Issued; intermediate: Issued; client: Issued };
    let good: CredentialPem;

    before(async () => {
        ours = await chain();
        other = await chain("RSA");
        good = {
            certificate: ours.client.certificate + ours.intermediate.certificate,
            privateKey: keyPem(ours.client.key),
            serverCa: ours.root.certificate,
            clientCa: ours.root.certificate,
            crl: "",
        };
    });

    /** The only violation of the good credential with `change`. */
    function refused(change: Partial<CredentialPem>, now = NOW) {
        const violations = validateCredential({ ...good, ...change }, now);
        assert.equal(violations.length, 1, violations.map(explain).join("\n"));
        assert.equal(violations[0].value, undefined, "no material is ever repeated");
        return violations[0];
    }

    /** A credential with one client certificate, directly from our root. */
    async function direct(options: Parameters<typeof issue>[0]): Promise<Partial<CredentialPem>> {
        const client = await issue({ issuer: ours.root, ...options });
        return { certificate: client.certificate, privateKey: keyPem(client.key) };
    }

    it("accepts a certificate with its intermediate, for the root", () => {
        assert.deepEqual(validateCredential(good, NOW), []);
    });

    it("accepts a certificate alone, for a bundle of intermediate and root in either order", () => {
        const { root, intermediate, client } = ours;
        for (const [one, two] of [
            [root, intermediate],
            [intermediate, root],
        ]) {
            const bundle = one.certificate + two.certificate;
            const pem = { ...good, certificate: client.certificate, serverCa: bundle, clientCa: bundle };
            assert.deepEqual(validateCredential(pem, NOW), []);
        }
    });

    it("accepts another CA for the server than for the client, of another algorithm too", () => {
        assert.deepEqual(validateCredential({ ...good, serverCa: other.root.certificate }, NOW), []);
    });

    it("accepts text around the certificates, and a certificate without extended key usage", async () => {
        assert.deepEqual(validateCredential({ ...good, certificate: `subject=client\n${good.certificate}` }, NOW), []);
        const any = { ...good, ...(await direct({ subject: "CN=any", usage: "any" })) };
        assert.deepEqual(validateCredential(any, NOW), []);
    });

    it("refuses the key of another certificate", () => {
        for (const key of [newKey(), newKey("RSA"), ours.root.key]) {
            const violation = refused({ privateKey: keyPem(key) });
            assert.equal(violation.path, "privateKey");
            assert.match(violation.problem, /does not belong to the certificate of "CN=client, O=Test"/);
        }
    });

    it("refuses the certificate of another CA, even one of the same name", async () => {
        const impostor = await issue({ subject: "CN=Test root", ca: true });
        for (const clientCa of [other.root.certificate, impostor.certificate]) {
            const violation = refused({ clientCa });
            assert.equal(violation.path, "certificate");
            assert.match(violation.problem, /was not issued by "CN=Test root"/);
        }
    });

    it("refuses a certificate whose intermediate is missing", () => {
        const violation = refused({ certificate: ours.client.certificate });
        assert.match(violation.problem, /"CN=client, O=Test" was not issued by "CN=Test root"/);
        assert.match(violation.fix, /intermediate/);
    });

    it("refuses a certificate that a client certificate signed", async () => {
        const client = await issue({ subject: "CN=below", issuer: ours.client });
        const violation = refused({
            certificate: client.certificate + ours.client.certificate + ours.intermediate.certificate,
            privateKey: keyPem(client.key),
        });
        assert.match(violation.problem, /"CN=below" was not issued/);
    });

    it("refuses an expired certificate from the second on that it expires", async () => {
        const change = await direct({ subject: "CN=old", notAfter: NOW });
        assert.match(refused(change).problem, /"CN=old" expired at 2026-06-15T12:00:00.000Z/);
        const barely = { ...good, ...change, minRemainingHours: 0 };
        assert.deepEqual(validateCredential(barely, new Date(NOW.getTime() - 1000)), []);
    });

    it("refuses a certificate before its time", async () => {
        const later = new Date(NOW.getTime() + 1000);
        const change = await direct({ subject: "CN=new", notBefore: later });
        assert.match(refused(change).problem, /"CN=new" is not valid before 2026-06-15T12:00:01.000Z/);
        assert.deepEqual(validateCredential({ ...good, ...change }, later), []);
    });

    it("refuses an expired CA of the client that is not the server's", async () => {
        const old = await issue({ subject: "CN=Old CA", ca: true, notAfter: NOW });
        const client = await issue({ subject: "CN=client", issuer: old });
        const violation = refused({
            certificate: client.certificate,
            privateKey: keyPem(client.key),
            clientCa: old.certificate,
        });
        assert.equal(violation.path, "clientCa");
        assert.match(violation.problem, /"CN=Old CA" expired/);
    });

    it("refuses an expired CA of the server and an expired intermediate", async () => {
        const old = await issue({ subject: "CN=Old CA", ca: true, notAfter: new Date("2026-02-01T00:00:00Z") });
        assert.equal(refused({ serverCa: old.certificate }).path, "serverCa");
        const intermediate = await issue({ subject: "CN=Old", ca: true, issuer: ours.root, notAfter: NOW });
        const client = await issue({ subject: "CN=client", issuer: intermediate });
        const violation = refused({
            certificate: client.certificate + intermediate.certificate,
            privateKey: keyPem(client.key),
        });
        assert.match(violation.problem, /"CN=Old" expired/);
    });

    it("refuses a certificate that is for servers only", async () => {
        const violation = refused(await direct({ subject: "CN=server", usage: "server" }));
        assert.equal(violation.path, "certificate");
        assert.match(violation.problem, /"CN=server" is not for client authentication/);
    });

    it("refuses a server's certificate in the place of its CA", async () => {
        const server = await issue({ subject: "CN=server", usage: "server", issuer: other.root });
        const violation = refused({ serverCa: server.certificate });
        assert.equal(violation.path, "serverCa");
        assert.match(violation.problem, /is not a CA/);
    });

    it("refuses an empty CA, because there is no fallback", () => {
        for (const serverCa of ["", " \n"]) {
            const violation = refused({ serverCa, clientCa: good.clientCa });
            assert.equal(violation.path, "serverCa");
            assert.match(violation.problem, /is missing, and the system's own CAs/);
        }
    });

    it("tells of a CA that serves for both only once", () => {
        assert.equal(refused({ serverCa: "", clientCa: "" }).path, "serverCa");
    });

    for (const part of ["certificate", "serverCa", "clientCa"] as const) {
        it(`refuses a path or garbage in the place of ${part}`, () => {
            for (const text of ["./tls.crt", "{}", "-----BEGIN CERTIFICATE-----", good.privateKey]) {
                const violation = refused({ [part]: text });
                assert.equal(violation.path, part);
                assert.match(violation.fix, /not its path/);
            }
            const cut = good.serverCa.replace(/\n[^\n]{40}/, "\n");
            assert.match(refused({ [part]: cut }).problem, /cannot be read as X\.509/);
        });
    }

    it("refuses a key with a passphrase, a path and a certificate in the place of the key", () => {
        const encrypted = ours.client.key
            .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
            .toString();
        for (const privateKey of [encrypted, "./tls.key", "", good.certificate]) {
            const violation = refused({ privateKey });
            assert.equal(violation.path, "privateKey");
            assert.match(violation.problem, /cannot be read/);
            assert.match(violation.fix, /passphrase/);
        }
    });

    it("comes to an end with two CAs that signed each other", async () => {
        const one = await issue({ subject: "CN=One", ca: true });
        const two = await issue({ subject: "CN=Two", ca: true });
        const crossOne = await issue({ subject: "CN=One", ca: true, key: one.key, issuer: two });
        const crossTwo = await issue({ subject: "CN=Two", ca: true, key: two.key, issuer: one });
        const client = await issue({ subject: "CN=client", issuer: one });
        const certificate = client.certificate + crossOne.certificate + crossTwo.certificate;
        assert.match(refused({ certificate, privateKey: keyPem(client.key) }).problem, /was not issued by/);
        const pem = { certificate, privateKey: keyPem(client.key), clientCa: two.certificate };
        assert.deepEqual(validateCredential({ ...good, ...pem }, NOW), []);
    });

    it("never repeats a line of any key, wherever it is put and however it is cut", () => {
        const parts = ["certificate", "privateKey", "serverCa", "clientCa"] as const;
        const lines = good.privateKey.split("\n").filter((line) => line.length > 8 && !line.startsWith("-----"));
        const key = fc.constantFrom(
            good.privateKey,
            keyPem(other.client.key),
            good.privateKey.replaceAll("\n", "\r\n"),
        );
        const text = fc
            .tuple(key, fc.nat(), fc.constantFrom("", good.certificate, "x"))
            .map(([pem, cut, before]) => before + pem.slice(0, cut % (pem.length + 1)));
        const secret = [
            ...lines,
            ...keyPem(other.client.key)
                .split("\n")
                .filter((line) => line.length > 8 && !line.startsWith("-")),
        ];
        fc.assert(
            fc.property(fc.subarray([...parts], { minLength: 1 }), text, (where, value) => {
                const pem = { ...good, ...Object.fromEntries(where.map((part) => [part, value])) };
                const told = validateCredential(pem, NOW).map(explain).join("\n");
                assert.ok(secret.every((line) => !told.includes(line)));
            }),
        );
    });

    describe("with revocation lists", () => {
        const list = ({ certificate, key }: Issued) => issueCrl({ certificate, privateKey: keyPem(key) }, []);
        const bundle = () => ours.root.certificate + ours.intermediate.certificate;

        it("accepts one of each CA in any order, and beside them one of another CA", () => {
            const lists = [ours.intermediate, other.root, ours.root].map(list).join("");
            assert.deepEqual(
                validateCredential({ ...good, serverCa: bundle(), clientCa: bundle(), crl: lists }, NOW),
                [],
            );
        });

        it("refuses lists that do not cover every CA, and names the one without", () => {
            const { path, problem } = refused({ serverCa: bundle(), clientCa: bundle(), crl: list(ours.root) });
            assert.equal(path, "crl");
            assert.match(problem, /no list of "CN=Test intermediate"/);
            assert.equal(refused({ crl: list(other.root) }).path, "crl");
        });

        it("refuses a list of the right name that another key signed", () => {
            assert.match(refused({ crl: list({ ...other.root, subject: ours.root.subject }) }).problem, /no list of/);
        });

        it("refuses a list that is no longer in force, or not yet", () => {
            // It is valid as long as the certificate of its CA.
            const crl = list(ours.root);
            const late = validateCredential({ ...good, crl }, new Date("2027-01-01T00:00:00Z"));
            assert.ok(late.some(({ path, problem }) => path === "crl" && /not valid at/.test(problem)));
            const early = validateCredential({ ...good, crl }, new Date("2025-12-31T23:59:59Z"));
            assert.ok(early.some(({ path }) => path === "crl"));
        });

        it("refuses what is no list", () => {
            assert.match(refused({ crl: "./ca.crl" }).problem, /cannot be read/);
            assert.match(refused({ crl: ours.root.certificate }).problem, /cannot be read/);
        });

        it("asks the same of a CA alone", () => {
            const trust = { serverCa: bundle(), crl: list(ours.root) };
            assert.deepEqual(
                validateServerTrust(trust, NOW).map(({ path }) => path),
                ["crl"],
            );
            assert.deepEqual(validateServerTrust({ ...trust, crl: trust.crl + list(ours.intermediate) }, NOW), []);
        });
    });

    describe("near its expiry", () => {
        const days = (count: number) => new Date(new Date("2027-01-01T00:00:00Z").getTime() - count * 86_400_000);

        it("refuses a certificate in its last week, unless another time is asked for", () => {
            assert.deepEqual(validateCredential(good, days(7.1)), []);
            const violation = refused({}, days(6.9));
            assert.equal(violation.path, "certificate");
            assert.match(violation.problem, /expires at 2027-01-01/);
            assert.deepEqual(validateCredential({ ...good, minRemainingHours: 0 }, days(0.01)), []);
            assert.equal(refused({ minRemainingHours: 20 * 24 }, days(19)).path, "certificate");
        });

        it("warns 30 days ahead of each certificate, and not before", () => {
            assert.deepEqual(credentialWarnings(good, days(30.1)), []);
            const warnings = credentialWarnings(good, days(29.9));
            assert.equal(warnings.length, 3, warnings.join("\n"));
            assert.match(warnings[0], /"CN=client, O=Test" in certificate expires at 2027-01-01.*in 29 days/);
        });

        it("warns of a short-lived certificate in its last third, and refuses it in its last tenth", async () => {
            const [notBefore, notAfter] = [days(10), days(0)];
            const pem = { ...good, ...(await direct({ subject: "CN=short", notBefore, notAfter })) };
            const about = (now: Date) =>
                credentialWarnings(pem, now).filter((text) => text.includes("CN=short")).length;
            assert.deepEqual([about(days(3.4)), about(days(3.3))], [0, 1]);
            assert.deepEqual(validateCredential(pem, days(1.1)), []);
            assert.equal(validateCredential(pem, days(0.9)).length, 1);
        });
    });
});
