import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MtlsServer, MtlsServerArgs } from "../../../../components";
import { DRAIN_COMMAND, nginxConfig } from "../../../../plan/upstream/mtlsServer";
import { CertificateOptions, Issued, issue, keyPem, newKey } from "../../../support/certificates";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const valid = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 90 * 86_400_000) };
const hosts = ["a.example", "b.example"];

let good: MtlsServerArgs;
let root: Issued;

before(async () => {
    root = await issue({ subject: "CN=Root", ca: true, ...valid });
    const server = await issue({ subject: "CN=a.example", issuer: root, usage: "server", hosts, ...valid });
    good = {
        hosts: ["a.example"],
        certificate: server.certificate,
        privateKey: keyPem(server.key),
        clientCa: root.certificate,
    };
});

async function make(args: MtlsServerArgs) {
    const recorder = await record();
    const server = await run(recorder, () => new MtlsServer("server", args));
    return { recorder, server };
}

async function files(args: MtlsServerArgs): Promise<string> {
    const { inputs } = (await make(args)).recorder.named("server-deployment");
    const { template } = inputs.spec as { template: { metadata: { annotations: Record<string, string> } } };
    return template.metadata.annotations["mesh-egress/files"];
}

describe("MtlsServer", () => {
    it("gets a Route a host that passes TLS through, and no more rights than it needs, on OpenShift only", async () => {
        const { recorder } = await make({ ...good, hosts: ["a.example", "b.example"], openshift: true });
        const routes = recorder.ofType("kubernetes:route.openshift.io/v1:Route").map(({ inputs }) => inputs);
        assert.deepEqual(
            routes.map(({ spec }) => spec),
            ["a.example", "b.example"].map((host) => ({
                host,
                to: { kind: "Service", name: "server", weight: 100 },
                port: { targetPort: "https" },
                tls: { termination: "passthrough", insecureEdgeTerminationPolicy: "None" },
                wildcardPolicy: "None",
            })),
        );
        const binding = recorder.named("server-scc").inputs as { roleRef: { name: string } };
        assert.equal(binding.roleRef.name, "system:openshift:scc:nonroot-v2");
        assert.ok(recorder.named("server-deployment").dependencies.includes(recorder.named("server-scc").urn));
        const elsewhere = await make(good);
        assert.deepEqual(elsewhere.recorder.ofType("kubernetes:route.openshift.io/v1:Route"), []);
        assert.deepEqual(elsewhere.recorder.ofType("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"), []);
    });

    it("runs nginx with the configuration for its hosts", async () => {
        const { recorder, server } = await make(good);
        assert.deepEqual(recorder.named("server-config").inputs.data, { "nginx.conf": nginxConfig(["a.example"]) });
        assert.deepEqual(recorder.named("server-client-ca").inputs.data, { "ca.crt": root.certificate });
        assert.equal(await valueOf(server.address), "server.mesh-external.svc.cluster.local");
    });

    it("keeps its key a secret, in its own inputs too", async () => {
        const { recorder } = await make(good);
        assert.ok(recorder.named("server-certificate").secrets.includes("data"));
        for (const { name, inputs, secrets } of recorder.resources) {
            if (JSON.stringify(inputs).includes("PRIVATE KEY")) {
                assert.deepEqual([name, secrets], ["server", ["privateKey"]]);
            }
        }
    });

    it("starts anew when a file of it changes, and only then", async () => {
        const before = await files(good);
        assert.equal(await files({ ...good }), before);
        const certificate = `${good.certificate as string}${root.certificate}`;
        const clientCa = root.certificate.repeat(2);
        for (const change of [{ hosts: ["b.example"] }, { certificate }, { clientCa }, { indexPage: "X" }]) {
            assert.notEqual(await files({ ...good, ...change }), before);
        }
    });

    it("takes a change without a moment in which nobody answers", async () => {
        const spec = (await make(good)).recorder.named("server-deployment").inputs.spec as {
            strategy: { rollingUpdate: unknown };
            template: { spec: { terminationGracePeriodSeconds: number; containers: { lifecycle: unknown }[] } };
        };
        assert.deepEqual(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
        const pod = spec.template.spec;
        assert.deepEqual(pod.containers[0].lifecycle, { preStop: { exec: { command: DRAIN_COMMAND } } });
        const sleeps = [...DRAIN_COMMAND.join(" ").matchAll(/sleep (\d+)/g)].map(([, seconds]) => Number(seconds));
        const drain = sleeps.reduce((sum, seconds) => sum + seconds);
        assert.ok(drain < pod.terminationGracePeriodSeconds);
        // Every connection in use has ended by itself before the server does.
        const [, life] = /keepalive_time (\d+)s/.exec(nginxConfig(["a.example"])) ?? [];
        assert.ok(Number(life) < sleeps[0]);
    });

    it("takes certificate and CA from a secret that somebody else keeps, and watches it", async () => {
        const { recorder } = await make({ hosts: good.hosts, certificateSecret: "kept" });
        assert.ok(!recorder.resources.some(({ name }) => name === "server-certificate"));
        const { template } = recorder.named("server-deployment").inputs.spec as {
            template: { spec: { containers: { command: string[] }[]; volumes: { name: string; secret?: unknown }[] } };
        };
        const volume = (wanted: string) => template.spec.volumes.find(({ name }) => name === wanted)?.secret;
        assert.deepEqual(volume("certificate"), { secretName: "kept" });
        assert.deepEqual(volume("client-ca"), { secretName: "kept", items: [{ key: "ca.crt", path: "ca.crt" }] });
        assert.match(template.spec.containers[0].command.join(" "), /kill -HUP 1/);
    });

    it("takes the clients' CA as it is given, next to a secret that somebody else keeps", async () => {
        const { recorder } = await make({ hosts: good.hosts, certificateSecret: "kept", clientCa: good.clientCa });
        const map = recorder.named("server-client-ca").inputs as { data: unknown };
        assert.deepEqual(map.data, { "ca.crt": root.certificate });
        const { template } = recorder.named("server-deployment").inputs.spec as {
            template: { spec: { volumes: { name: string; configMap?: unknown }[] } };
        };
        const volume = template.spec.volumes.find(({ name }) => name === "client-ca");
        assert.deepEqual(volume?.configMap, { name: "server-client-ca" });
    });

    it("has its namespace before the clients' CA is known, next to a secret that comes from the same authority", async () => {
        const recorder = await record();
        const [clientCa, know] = pulumi.deferredOutput<string>();
        await run(recorder, () => {
            const server = new MtlsServer("server", { hosts: good.hosts, certificateSecret: "kept", clientCa });
            know(server.namespace.apply(() => root.certificate));
        });
        const map = recorder.named("server-client-ca").inputs as { data: unknown };
        assert.deepEqual(map.data, { "ca.crt": root.certificate });
    });

    it("refuses a certificate in two places, in none, and half of one", async () => {
        const refused = (change: Partial<MtlsServerArgs>) =>
            refusedPaths(() => new MtlsServer("server", { ...good, ...change }));
        const nothing = { certificate: undefined, privateKey: undefined, clientCa: undefined };
        assert.deepEqual(await refused(nothing), ["certificate", "privateKey", "clientCa"]);
        assert.deepEqual(await refused({ privateKey: undefined }), ["privateKey"]);
        const kept = { ...nothing, certificateSecret: "kept" };
        assert.deepEqual(await refused({ ...kept, certificate: "PEM" }), ["certificate"]);
        assert.deepEqual(await refused({ ...kept, clientCa: "CA" }), ["clientCa"]);
    });

    it("has an address only once the server is there", async () => {
        const { recorder } = await make(good);
        const { dependencies } = recorder.named("server-service");
        assert.ok(dependencies.includes(recorder.named("server-deployment").urn));
    });

    it("refuses a certificate that is not right for it, in preview and update", async () => {
        const issued = (options: Partial<CertificateOptions>) =>
            issue({ subject: "CN=a.example", issuer: root, usage: "server", hosts, ...valid, ...options });
        const pem = ({ certificate, key }: Issued) => ({ certificate, privateKey: keyPem(key) });
        const past = { notBefore: new Date(Date.now() - 7_200_000), notAfter: new Date(Date.now() - 3_600_000) };
        const bad: [change: Partial<MtlsServerArgs>, path: string, problem: RegExp][] = [
            [{ privateKey: keyPem(newKey()) }, "privateKey", /does not belong/],
            [pem(await issued({ hosts: ["b.example"] })), "certificate", /is not for "a.example"/],
            [pem(await issued({ hosts: undefined })), "certificate", /is not for "a.example"/],
            [pem(await issued({ usage: "client" })), "certificate", /not for server authentication/],
            [pem(await issued(past)), "certificate", /expired/],
            [pem(await issued({ notAfter: new Date(Date.now() + 60_000) })), "certificate", /expires at/],
            [{ clientCa: good.certificate }, "clientCa", /not a CA/],
            [{ certificate: "./tls.crt" }, "certificate", /BEGIN CERTIFICATE/],
        ];
        for (const [change, path, problem] of bad) {
            for (const preview of [true, false]) {
                const make = () => new MtlsServer("server", { ...good, ...change });
                assert.deepEqual(await refusedPaths(make, { preview }), [path], String(problem));
                assert.throws(make, problem);
            }
        }
    });

    it("refuses bad hosts before anything is registered", async () => {
        const bad = { ...good, hosts: ["a.example", "*.b.example"], namespace: "A" };
        assert.deepEqual(await refusedPaths(() => new MtlsServer("server", bad)), ["namespace", "hosts[1]"]);
    });
});
