import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EgressCredential, EgressCredentialArgs, SecretFormat } from "../../../../components";
import { Issued, issue, keyPem, newKey } from "../../../support/certificates";
import { failures, record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";

const HOUR = 3_600_000;
const valid = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) };

describe("EgressCredential", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    let root: Issued;
    let good: EgressCredentialArgs;
    let bad: [what: string, change: Partial<EgressCredentialArgs>, paths: string[]][];

    before(async () => {
        root = await issue({ subject: "CN=Root", ca: true, ...valid });
        const client = await issue({ subject: "CN=client", issuer: root, ...valid });
        const expired = await issue({
            subject: "CN=client",
            issuer: root,
            key: client.key,
            notBefore: new Date(Date.now() - 2 * HOUR),
            notAfter: new Date(Date.now() - HOUR),
        });
        good = {
            gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" },
            certificate: client.certificate,
            privateKey: keyPem(client.key),
            serverCa: root.certificate,
        };
        const foreign = await issue({ subject: "CN=Foreign", ca: true, ...valid });
        bad = [
            ["a key that does not belong to its certificate", { privateKey: keyPem(newKey()) }, ["privateKey"]],
            ["a certificate that the CA did not sign", { clientCa: foreign.certificate }, ["certificate"]],
            ["an expired certificate", { certificate: expired.certificate }, ["certificate"]],
            ["a missing CA", { serverCa: "" }, ["serverCa"]],
            ["paths in the place of PEM", { certificate: "./tls.crt", privateKey: "./tls.key" }, ["certificate"]],
        ];
    });

    it("is a secret of the gateway's namespace, with the keys that the gateway reads", async () => {
        const recorder = await record();
        const credential = await run(recorder, () => new EgressCredential("partner", good));
        const { inputs, secrets } = recorder.named("partner-secret");
        assert.deepEqual(inputs.metadata, { name: "partner", namespace: "istio-egress" });
        const data = inputs.data as Record<string, string>;
        const read = (key: string) => Buffer.from(data[key], "base64").toString();
        assert.deepEqual(Object.keys(data).sort(), ["ca.crt", "tls.crt", "tls.key"]);
        assert.equal(read("tls.crt"), good.certificate);
        assert.equal(read("tls.key"), good.privateKey);
        assert.equal(read("ca.crt"), good.serverCa);
        assert.ok(secrets.includes("data"));
        assert.equal(await valueOf(credential.secretName), "partner");
    });

    it("keeps the key a secret among its own inputs, though it was given in the clear", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressCredential("partner", good));
        const { inputs, secrets } = recorder.named("partner");
        assert.ok(!("privateKey" in inputs) || secrets.includes("privateKey"));
        const clear = recorder.resources.filter(
            (one) => one.secrets.length === 0 && JSON.stringify(one.inputs).includes("PRIVATE KEY"),
        );
        assert.deepEqual(clear, []);
    });

    it("takes the CA of the client apart from that of the server", async () => {
        const recorder = await record();
        const apart = { ...good, serverCa: good.serverCa, clientCa: good.serverCa, secretName: "named" };
        await run(recorder, () => new EgressCredential("partner", apart));
        assert.deepEqual(recorder.named("partner-secret").inputs.metadata, {
            name: "named",
            namespace: "istio-egress",
        });
    });

    it("is a CA alone, under the name by which Istio finds one, where there is no certificate", async () => {
        const recorder = await record();
        const { gateway, serverCa } = good;
        const credential = await run(recorder, () => new EgressCredential("partner", { gateway, serverCa }));
        const { inputs } = recorder.named("partner-secret");
        assert.deepEqual(inputs.metadata, { name: "partner-cacert", namespace: "istio-egress" });
        assert.deepEqual(Object.keys(inputs.data as object), ["ca.crt"]);
        assert.equal(inputs.type, "Opaque");
        assert.equal(await valueOf(credential.secretName), "partner");
    });

    it("is a generic secret by choice", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressCredential("partner", { ...good, format: SecretFormat.Generic }));
        assert.equal(recorder.named("partner-secret").inputs.type, "Opaque");
    });

    it("gives the workloads' service accounts the right to list secrets that Istio asks for, and nobody else", async () => {
        const rest = { ...good, gateway: undefined };
        const workload = { namespace: "payments", serviceAccounts: ["billing"] };
        const recorder = await record();
        await run(recorder, () => new EgressCredential("partner", { ...rest, workload }));
        assert.deepEqual(recorder.named("partner-secret").inputs.metadata, { name: "partner", namespace: "payments" });
        assert.deepEqual(recorder.named("partner-role").inputs.rules, [
            { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
        ]);
        assert.deepEqual(recorder.named("partner-role-binding").inputs.subjects, [
            { kind: "ServiceAccount", name: "billing", namespace: "payments" },
        ]);
        const files = await record();
        await run(files, () => new EgressCredential("partner", { ...rest, workload: { namespace: "payments" } }));
        assert.deepEqual(files.ofType("kubernetes:rbac.authorization.k8s.io/v1:Role"), [], "nobody reads it over SDS");
    });

    it("is a ConfigMap, which takes no rights, where sidecars need a CA alone", async () => {
        const recorder = await record();
        const workload = { namespace: "payments" };
        await run(recorder, () => new EgressCredential("partner", { workload, serverCa: good.serverCa }));
        const { inputs } = recorder.named("partner-config-map");
        assert.deepEqual(inputs.metadata, { name: "partner", namespace: "payments" });
        assert.deepEqual(inputs.data, { "ca.crt": good.serverCa });
        assert.deepEqual(recorder.ofType("kubernetes:rbac.authorization.k8s.io/v1:Role"), []);
    });

    it("refuses half a client certificate, and no user or two", async () => {
        const workload = { namespace: "payments", serviceAccounts: [] };
        for (const [change, paths] of [
            [{ privateKey: undefined }, ["privateKey"]],
            [{ certificate: undefined }, ["certificate"]],
            [{ gateway: undefined }, ["gateway"]],
            [{ workload: { namespace: "payments" } }, ["gateway"]],
            [{ gateway: undefined, workload }, ["workload.serviceAccounts"]],
        ] as [Partial<EgressCredentialArgs>, string[]][]) {
            assert.deepEqual(await refusedPaths(() => new EgressCredential("partner", { ...good, ...change })), paths);
        }
    });

    it("refuses a CA beside a client certificate of the same name, which Istio would prefer to the certificate's", async () => {
        const make = () => {
            new EgressCredential("one", { ...good, secretName: "partner" });
            const { gateway, serverCa } = good;
            new EgressCredential("two", { gateway, serverCa, secretName: "partner" });
        };
        assert.deepEqual(await refusedPaths(make), ["secretName"]);
    });

    it("refuses every bad credential before anything is registered, in preview and update", async () => {
        for (const [what, change, paths] of bad) {
            for (const preview of [true, false]) {
                const found = await refusedPaths(() => new EgressCredential("partner", { ...good, ...change }), {
                    preview,
                });
                assert.deepEqual(found, paths, what);
            }
        }
    });

    it("refuses a secret name that ends in -cacert", async () => {
        const make = () => new EgressCredential("partner", { ...good, secretName: "partner-cacert" });
        assert.deepEqual(await refusedPaths(make), ["secretName"]);
        assert.deepEqual(await refusedPaths(() => new EgressCredential("x-cacert", good)), ["secretName"]);
    });

    it("never registers the secret when what becomes known later is bad", async () => {
        for (const [what, change] of bad) {
            const recorder = await record();
            const later = Object.fromEntries(
                Object.entries({ ...good, ...change })
                    .filter(([key]) => key !== "gateway")
                    .map(([key, value]) => [key, pulumi.output(value as string)]),
            ) as unknown as EgressCredentialArgs;
            const errors = await failures(
                recorder,
                () => new EgressCredential("partner", { ...later, gateway: good.gateway }),
            );
            assert.match(errors[0].message, /EgressCredential "partner" is refused/, what);
            assert.deepEqual(recorder.ofType("kubernetes:core/v1:Secret"), [], what);
            assert.ok(
                errors.every((error) => !error.message.includes(keyPem(root.key).split("\n")[1])),
                "no key in an error",
            );
        }
    });

    it("can be previewed before its certificate is known", async () => {
        const recorder = await record({ preview: true });
        const unknown = unknownOutput<string>();
        await run(
            recorder,
            () => new EgressCredential("partner", { ...good, certificate: unknown, privateKey: unknown }),
        );
        assert.equal(recorder.ofType("kubernetes:core/v1:Secret").length, 1);
    });
});
