import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CertManagerChain, CertManagerChainArgs, KeyAlgorithm } from "../../../../components";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: CertManagerChainArgs = {
    gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" },
    serverHosts: ["a.example"],
    serverNamespace: "partner",
    clients: [{ name: "app" }, { name: "job", secretName: "job-client", commonName: "job.example" }],
};

interface Certificate {
    metadata: { name: string; namespace: string };
    spec: Record<string, unknown>;
}

async function make(args: CertManagerChainArgs) {
    // What is in secrets is cert-manager's: the preview does not know it, and neither does this test.
    const recorder = await record({ preview: true });
    const chain = await run(recorder, () => new CertManagerChain("chain", args));
    const certificate = (name: string) => recorder.named(`chain-${name}`).inputs as unknown as Certificate;
    return { recorder, chain, certificate };
}

describe("CertManagerChain", () => {
    it("asks for each certificate where it is used, in the names that its users look for", async () => {
        const { certificate } = await make(good);
        assert.deepEqual(
            ["server", "client-app", "client-job"].map((name) => {
                const { metadata, spec } = certificate(name);
                return [metadata.namespace, metadata.name, spec.secretName, spec.usages];
            }),
            [
                ["partner", "chain-server", "chain-server", ["digital signature", "server auth"]],
                ["istio-egress", "app", "app", ["digital signature", "client auth"]],
                ["istio-egress", "job-client", "job-client", ["digital signature", "client auth"]],
            ],
        );
        assert.deepEqual(certificate("server").spec.dnsNames, ["a.example"]);
        assert.equal(certificate("client-app").spec.commonName, "app");
        assert.equal(certificate("client-job").spec.commonName, "job.example");
    });

    it("has an authority for the clients and one for the server, each an Issuer in the namespace of what it issues", async () => {
        const { recorder, certificate } = await make(good);
        assert.ok(!recorder.resources.some(({ type }) => type.endsWith(":ClusterIssuer")));
        for (const [prefix, namespace, ends] of [
            ["", "istio-egress", ["client-app", "client-job"]],
            ["server-", "partner", ["server"]],
        ] as const) {
            const issuer = certificate(`${prefix}issuer`);
            const root = certificate(`${prefix}root`);
            assert.equal(root.metadata.namespace, namespace);
            assert.equal(root.spec.secretName, (issuer.spec.ca as { secretName: string }).secretName);
            const requests = [
                [root, certificate(`${prefix}self-signed`)],
                ...ends.map((end) => [certificate(end), issuer]),
            ];
            for (const [{ metadata, spec }, by] of requests) {
                assert.deepEqual(spec.issuerRef, {
                    group: "cert-manager.io",
                    kind: "Issuer",
                    name: by.metadata.name,
                });
                assert.equal(metadata.namespace, by.metadata.namespace);
            }
        }
    });

    it("has no authority for what nobody asks for", async () => {
        const { recorder } = await make({ ...good, clients: [] });
        assert.ok(!recorder.resources.some(({ name }) => name === "chain-root"));
        const onlyClients = await make({ ...good, serverHosts: undefined });
        assert.ok(!onlyClients.recorder.resources.some(({ name }) => name === "chain-server-root"));
        assert.equal(await valueOf(onlyClients.chain.serverCa), "");
    });

    it("renews the authority with its key, and what it issues with new ones", async () => {
        const { certificate } = await make(good);
        const policy = (name: string) =>
            (certificate(name).spec.privateKey as { rotationPolicy: string }).rotationPolicy;
        assert.equal(policy("root"), "Never");
        assert.equal(policy("server"), "Always");
        assert.equal(policy("client-app"), "Always");
        assert.equal(certificate("root").spec.isCA, true);
        assert.equal(certificate("client-app").spec.isCA, undefined);
    });

    it("takes lifetimes in hours and the algorithms of a chain", async () => {
        const leaf = { validityHours: 48, renewalHours: 24 };
        const { certificate } = await make({ ...good, leaf, keyAlgorithm: KeyAlgorithm.Rsa2048 });
        const { duration, renewBefore, privateKey } = certificate("client-app").spec;
        assert.deepEqual([duration, renewBefore], ["48h", "24h"]);
        assert.deepEqual(privateKey, { algorithm: "RSA", size: 2048, encoding: "PKCS8", rotationPolicy: "Always" });
    });

    it("makes issuer, authority and certificates in the order in which they need each other", async () => {
        const { recorder } = await make({ ...good, install: true });
        const order = ["chain-cert-manager", "chain-self-signed", "chain-root", "chain-issuer", "chain-client-app"];
        order.slice(1).forEach((name, index) => {
            const { urn } = recorder.named(order[index]);
            assert.ok(recorder.named(name).dependencies.includes(urn), `${name} after ${order[index]}`);
        });
    });

    it("installs cert-manager only when it is asked to", async () => {
        assert.ok(!(await make(good)).recorder.resources.some(({ name }) => name === "chain-cert-manager"));
        const { recorder } = await make({ ...good, install: true, namespace: "certs" });
        assert.deepEqual(recorder.named("chain-cert-manager").inputs, {
            installCRDs: true,
            helmOptions: {
                namespace: "certs",
                createNamespace: true,
                version: "v1.21.2",
                repositoryOpts: { repo: "https://charts.jetstack.io" },
            },
        });
    });

    it("keeps the keys of its outputs secrets, and the authority's out of them", async () => {
        const { recorder, chain } = await make(good);
        assert.ok(await pulumi.isSecret(chain.clientKeys));
        assert.ok(await pulumi.isSecret(chain.serverKey));
        assert.equal(await valueOf(chain.crls), "");
        assert.ok(!recorder.resources.some(({ name }) => name === "chain-root-secret"));
    });

    it("refuses names, hosts and lifetimes before anything is registered", async () => {
        const refused = (change: Partial<CertManagerChainArgs>) =>
            refusedPaths(() => new CertManagerChain("chain", { ...good, ...change }));
        assert.deepEqual(await refused({ serverHosts: ["*.a.example"] }), ["serverHosts[0]"]);
        assert.deepEqual(await refused({ clients: [{ name: "a", secretName: "a-cacert" }] }), [
            "clients[0].secretName",
        ]);
        assert.deepEqual(await refused({ clients: [{ name: "a" }, { name: "a" }] }), ["clients[1].name"]);
        assert.deepEqual(await refused({ leaf: { validityHours: 2, renewalHours: 2 } }), ["leaf.renewalHours"]);
        const root = { validityHours: 48, renewalHours: 24 };
        assert.deepEqual(await refused({ root, leaf: { validityHours: 25, renewalHours: 1 } }), ["leaf.validityHours"]);
        assert.deepEqual(await refused({ clients: [], serverHosts: undefined }), ["clients"]);
        assert.deepEqual(await refused({ namespace: "A" }), ["namespace"]);
    });
});
