import assert from "node:assert/strict";
import { MtlsServer, MtlsServerArgs } from "../../../../components";
import { DRAIN_COMMAND, nginxConfig } from "../../../../plan/mtlsServer";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: MtlsServerArgs = { hosts: ["a.example"], certificate: "CERT", privateKey: "PRIVATE", clientCa: "CA" };

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
    it("runs nginx with the configuration for its hosts", async () => {
        const { recorder, server } = await make(good);
        assert.deepEqual(recorder.named("server-config").inputs.data, { "nginx.conf": nginxConfig(["a.example"]) });
        assert.deepEqual(recorder.named("server-client-ca").inputs.data, { "ca.crt": "CA" });
        assert.equal(await valueOf(server.address), "server.mesh-external.svc.cluster.local");
    });

    it("keeps its key a secret, in its own inputs too", async () => {
        const { recorder } = await make(good);
        assert.ok(recorder.named("server-certificate").secrets.includes("data"));
        for (const { name, inputs, secrets } of recorder.resources) {
            if (JSON.stringify(inputs).includes("PRIVATE")) {
                assert.deepEqual([name, secrets], ["server", ["privateKey"]]);
            }
        }
    });

    it("starts anew when a file of it changes, and only then", async () => {
        const before = await files(good);
        assert.equal(await files({ ...good }), before);
        for (const change of [{ hosts: ["b.example"] }, { certificate: "X" }, { clientCa: "X" }, { indexPage: "X" }]) {
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

    it("refuses a certificate in two places, in none, and half of one", async () => {
        const refused = (change: Partial<MtlsServerArgs>) =>
            refusedPaths(() => new MtlsServer("server", { ...good, ...change }));
        const nothing = { certificate: undefined, privateKey: undefined, clientCa: undefined };
        assert.deepEqual(await refused(nothing), ["certificate", "privateKey", "clientCa"]);
        assert.deepEqual(await refused({ privateKey: undefined }), ["privateKey"]);
        assert.deepEqual(await refused({ ...nothing, clientCa: "CA", certificateSecret: "kept" }), ["clientCa"]);
    });

    it("has an address only once the server is there", async () => {
        const { recorder } = await make(good);
        const { dependencies } = recorder.named("server-service");
        assert.ok(dependencies.includes(recorder.named("server-deployment").urn));
    });

    it("refuses bad hosts before anything is registered", async () => {
        const bad = { ...good, hosts: ["a.example", "*.b.example"], namespace: "A" };
        assert.deepEqual(await refusedPaths(() => new MtlsServer("server", bad)), ["namespace", "hosts[1]"]);
    });
});
