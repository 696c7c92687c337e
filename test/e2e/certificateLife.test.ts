import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { Stack } from "@pulumi/pulumi/automation";
import { CertificateFacts } from "../../components";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { startCaller } from "../../lab/proof/workloads";
import {
    CERTS_CALLERS,
    CERTS_GATEWAY,
    CERTS_HOST,
    CERTS_SERVER,
    CONNECTION_SECONDS,
    CREDENTIAL,
    CertificateStackSettings,
    certificateProgram,
} from "../support/certificateStack";
import { Load } from "../support/load";
import { listening, localEnvironment } from "../support/localEnvironment";

/** Seconds within which a rotated certificate is on new connections. */
const DELIVERY_SECONDS = 15;
/** Seconds that a line of a log may be late. */
const LOG_SECONDS = 5;
const HOUR = 3_600_000;

describe("the life of a certificate on a real cluster", () => {
    let cluster: Cluster;
    let stack: Stack;
    let settings: CertificateStackSettings = { chain: {} };
    let caller: PodRef;
    let outsider: PodRef;

    before(async function () {
        const environment = await localEnvironment(this);
        const { local, engine, plugins } = environment;
        cluster = environment.cluster;
        const program = certificateProgram(local.settings, () => settings);
        stack = await openProofStack(engine, plugins, local, "certs", program);
        await stack.up({ refresh: true, ...listening });
        [caller, outsider] = await Promise.all(
            [CERTS_CALLERS, CERTS_SERVER].map((namespace) => startCaller(cluster, namespace, local.settings.curlImage)),
        );
        await waitFor("200 from the partner", 30, async () => (await call(cluster, caller, CERTS_HOST)).status === 200);
    });

    after(async () => {
        await stack?.destroy(listening);
        await stack?.workspace.removeStack("certs");
    });

    describe("under a hundred calls a second", () => {
        let load: Load;

        before(async () => {
            load = await Load.start(cluster, caller, CERTS_HOST);
        });

        const inTheWindow: [what: string, aged: string, renewed: string[]][] = [
            ["the client certificate", "client-app", ["client-app"]],
            ["the server certificate", "server", ["server"]],
            ["the intermediate, and what it issued", "intermediate-1", ["intermediate-1", "server", "client-app"]],
            ["the root, and what hangs on it", "root-1", ["root-1", "intermediate-1", "server", "client-app"]],
        ];
        for (const [what, aged, renewed] of inTheWindow) {
            it(`the renewal window alone renews ${what}`, async () => {
                const before = await facts(stack);
                await age(stack, aged, Date.now() + HOUR);
                await assertSecretsAreUpdated(stack);
                await stack.up(listening);
                const after = await facts(stack);
                assert.deepEqual(changed(before, after), renewed.toSorted());
                await assertServed(after);
                await assertShown(after, before);
            });
        }

        it("outside the window an update changes nothing", async () => {
            const { summary } = await stack.up(listening);
            assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        });

        it("what expired while nobody looked is renewed by one update", async () => {
            const before = await facts(stack);
            for (const name of Object.keys(before)) {
                await age(stack, name, Date.now() - HOUR);
            }
            await stack.up(listening);
            const after = await facts(stack);
            assert.deepEqual(changed(before, after), Object.keys(before).toSorted());
            await assertServed(after);
            await assertShown(after, before);
        });

        it("a change of reissue gives server and client new keys and certificates, and nothing else", async () => {
            const [before, keyBefore] = [await facts(stack), await clientKey(cluster)];
            settings = { ...settings, chain: { ...settings.chain, reissue: "once more" } };
            await assertSecretsAreUpdated(stack);
            await stack.up(listening);
            const after = await facts(stack);
            assert.deepEqual(changed(before, after), ["client-app", "server"]);
            assert.ok(keyBefore !== (await clientKey(cluster)), "the key is the old one");
            await assertServed(after);
            await assertShown(after, before);
        });

        for (const [what, generations] of [
            ["a second generation of authorities takes over", [2, 1]],
            ["the first generation is given up", [2]],
        ] as [string, number[]][]) {
            it(`${what}, by one change of the configuration`, async () => {
                const before = await facts(stack);
                settings = { ...settings, chain: { ...settings.chain, generations } };
                await assertSecretsAreUpdated(stack);
                await stack.up(listening);
                const after = await facts(stack);
                const roots = Object.keys(after).filter((name) => /^root-\d+$/.test(name));
                assert.deepEqual(
                    roots,
                    generations.map((generation) => `root-${generation}`),
                );
                await assertServed(after);
                await assertShown(after, before);
            });
        }

        after("no call failed", async () => {
            const { answered, failures } = await load.end();
            console.log(`      ${answered} calls, not answered with 200: ${JSON.stringify(failures)}`);
            assert.deepEqual(failures, {});
            assert.ok(answered > 1000, `only ${answered} calls`);
        });
    });

    /** New connections get the server's certificate of these facts. */
    async function assertServed(after: Facts): Promise<void> {
        await waitFor("the server's new certificate", DELIVERY_SECONDS, async () => {
            return (await servedSerial()) === after.server.serial;
        });
    }

    async function servedSerial(): Promise<string> {
        const address = `certs-server.${CERTS_SERVER}.svc.cluster.local`;
        const connect = ["--connect-to", `${CERTS_HOST}:443:${address}:443`, `https://${CERTS_HOST}/`];
        const command = ["curl", "-sk", "-o", "/dev/null", "-w", "%{certs}", ...connect];
        const { stdout } = await cluster.exec(outsider, command);
        return new X509Certificate(stdout.slice(stdout.indexOf("-----BEGIN"))).serialNumber.toLowerCase();
    }

    /** The server sees the client certificate of these facts on new connections, and soon on all. */
    async function assertShown(after: Facts, before: Facts): Promise<void> {
        const { serial } = after["client-app"];
        await waitFor("the new client certificate at the server", DELIVERY_SECONDS + LOG_SECONDS, async () =>
            (await shownSerials()).includes(serial),
        );
        await waitFor("the old client certificate to be gone", CONNECTION_SECONDS + LOG_SECONDS, async () => {
            const shown = await shownSerials();
            assert.ok(
                shown.every((one) => [serial, before["client-app"].serial].includes(one)),
                shown.join(),
            );
            return shown.length > 0 && shown.every((one) => one === serial);
        });
    }

    /** Serial numbers of the client certificates that the server has seen in the last two seconds. */
    async function shownSerials(): Promise<string[]> {
        const pods = await cluster.core.listNamespacedPod({
            namespace: CERTS_SERVER,
            labelSelector: "app=certs-server",
        });
        const logs = await Promise.all(
            pods.items
                .filter(({ status }) => status?.phase === "Running")
                .map(({ metadata }) =>
                    cluster.core.readNamespacedPodLog({
                        namespace: CERTS_SERVER,
                        name: metadata?.name as string,
                        sinceSeconds: 2,
                    }),
                ),
        );
        const found = [...logs.join("\n").matchAll(/"Client serial" ([0-9A-F]+) "SUCCESS"/g)];
        return [...new Set(found.map(([, serial]) => serial.toLowerCase()))];
    }
});

type Facts = Record<string, CertificateFacts>;

async function facts(stack: Stack): Promise<Facts> {
    const { certificates } = await stack.outputs();
    return Object.fromEntries((certificates.value as CertificateFacts[]).map((one) => [one.name, one]));
}

function changed(before: Facts, after: Facts): string[] {
    return Object.keys(after)
        .filter((name) => after[name].serial !== before[name]?.serial)
        .sort();
}

/** Makes the state believe that a certificate ends at another time: what waiting would do. */
async function age(stack: Stack, name: string, end: number): Promise<void> {
    const exported = await stack.exportStack();
    const { resources } = exported.deployment as { resources: { urn: string; outputs?: Record<string, unknown> }[] };
    const resource = resources.find(({ urn }) => urn.endsWith(`::certs-${name}`));
    assert.ok(resource?.outputs, `the state has no certificate ${name}`);
    resource.outputs.validityEndTime = new Date(end).toISOString();
    await stack.importStack(exported);
}

/** A preview shows changed secrets as updates: never a moment without them. */
async function assertSecretsAreUpdated(stack: Stack): Promise<void> {
    const steps: string[] = [];
    await stack.preview({
        onEvent: (event) => {
            listening.onEvent(event);
            const metadata = event.resourcePreEvent?.metadata;
            if (metadata?.type === "kubernetes:core/v1:Secret" && metadata.op !== "same") {
                steps.push(metadata.op);
            }
        },
    });
    assert.ok(steps.length > 0, "no secret would change");
    assert.deepEqual([...new Set(steps)], ["update"]);
}

async function clientKey(cluster: Cluster): Promise<string | undefined> {
    const { data } = await cluster.core.readNamespacedSecret({ name: CREDENTIAL, namespace: CERTS_GATEWAY });
    return data?.["tls.key"];
}
