import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CertificateChain, CertificateChainArgs, KeyAlgorithm } from "../../../../components";
import { refuseCredential } from "../../../../plan/credential";
import { UNKNOWN, record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: CertificateChainArgs = {
    serverHosts: ["a.example", "b.example"],
    clients: [{ name: "app" }, { name: "job" }],
};

async function make(args: CertificateChainArgs) {
    const recorder = await record();
    const chain = await run(recorder, () => new CertificateChain("chain", args));
    return { recorder, chain };
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
            };
            assert.deepEqual(refuseCredential(pem, new Date()), []);
            const [root] = ca.split(/(?=-----BEGIN)/).slice(-1);
            assert.deepEqual(refuseCredential({ ...pem, clientCa: root }, new Date()), [], "for the root alone");
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
            .filter(({ name }) => /^chain-(root|intermediate)-request$|^chain-root$/.test(name))
            .map(({ inputs }) => inputs.privateKeyPem as string);
        const given = JSON.stringify(await Promise.all([valueOf(chain.clientKeys), valueOf(chain.serverKey)]));
        assert.equal(authorities.length, 2);
        const body = (pem: string) => createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
        assert.ok(authorities.every((pem) => !given.includes(JSON.stringify(body(pem)).slice(1, -1))));
    });

    it("has ECDSA keys unless RSA is asked for", async () => {
        const algorithms = async (keyAlgorithm?: KeyAlgorithm) => {
            const { recorder } = await make({ keyAlgorithm });
            const { algorithm, ecdsaCurve, rsaBits } = recorder.named("chain-root-key").inputs;
            return { algorithm, ecdsaCurve, rsaBits };
        };
        assert.deepEqual(await algorithms(), { algorithm: "ECDSA", ecdsaCurve: "P256", rsaBits: undefined });
        const rsa = await algorithms(KeyAlgorithm.Rsa2048);
        assert.deepEqual(rsa, { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 2048 });
        assert.equal((await algorithms(KeyAlgorithm.Rsa4096)).rsaBits, 4096);
    });

    it("lets the intermediate issue leaves only, and renews everything in time", async () => {
        const { recorder } = await make(good);
        const intermediate = recorder.named("chain-intermediate").inputs;
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
