import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { PatchStrategy } from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { CertificateDetails } from "../../components";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { proxyPage } from "../../lab/proof/proxy";
import { startCaller } from "../../lab/proof/workloads";
import { issueCrl } from "../../plan/pki/crl";
import { CertificateOptions, Issued, issue, keyPem } from "../support/certificates";
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
const SERVER_SECRET = { name: "certs-server-certificate", namespace: CERTS_SERVER };

describe("the life of a certificate on a real cluster", () => {
    let cluster: Cluster;
    let stack: Stack;
    let settings: CertificateStackSettings = { chain: {} };
    /** An authority that gateway and server trust beside the chain, until it comes to revocation lists. */
    let other: Issued;
    let caller: PodRef;
    let outsider: PodRef;

    before(async function () {
        const environment = await localEnvironment(this);
        const { local, engine, plugins } = environment;
        cluster = environment.cluster;
        other = await issue({ subject: "CN=another authority", ca: true, ...around(HOUR) });
        settings = { ...settings, moreCa: other.certificate };
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

        it("a change of rotationTrigger gives server and client new keys and certificates, and nothing else", async () => {
            const [before, keyBefore] = [await facts(stack), await clientKey(cluster)];
            settings = { ...settings, chain: { ...settings.chain, rotationTrigger: "once more" } };
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

    it("a server of a CA that the gateway does not trust is refused, until it is trusted again", async () => {
        const trusted = settings;
        settings = { ...settings, onlyServerCa: other.certificate };
        await stack.up(listening);
        await answers(503, /CERTIFICATE_VERIFY_FAILED/);
        settings = trusted;
        await stack.up(listening);
        await answers(200);
    });

    it("an expired server is refused, and the caller is told why", async () => {
        const { data } = await cluster.core.readNamespacedSecret(SERVER_SECRET);
        const expired = await expiredCertificate({ usage: "server", hosts: [CERTS_HOST] });
        try {
            await deliver(SERVER_SECRET, { ...data, ...expired });
            await restartServer();
            await answers(503, /CERTIFICATE_VERIFY_FAILED.*expired/);
        } finally {
            await deliver(SERVER_SECRET, { ...data });
            await restartServer();
        }
        await answers(200);
    });

    it("an expired client is refused, which the server's log and the gateway's metrics show", async () => {
        const secret = { name: CREDENTIAL, namespace: CERTS_GATEWAY };
        const { data } = await cluster.core.readNamespacedSecret(secret);
        const name = CREDENTIAL.replaceAll("-", "_");
        const metric = new RegExp(
            `^envoy_cluster_ssl_certificate_kubernetes___${name}_expiration_unix.*} (\\d+)$`,
            "m",
        );
        const expiry = async () => new Date(Number(metric.exec(await gatewayPage("stats/prometheus"))?.[1]) * 1000);
        const { notAfter } = (await facts(stack))["client-app"];
        assert.equal((await expiry()).toISOString(), notAfter);
        try {
            await deliver(secret, { ...data, ...(await expiredCertificate({ usage: "client" })) });
            await answers(400);
            await waitFor("the reason in the server's log", LOG_SECONDS, async () =>
                (await serverLog(60)).includes('"FAILED:certificate has expired"'),
            );
            assert.ok((await expiry()) < new Date());
        } finally {
            await deliver(secret, { ...data });
        }
        await answers(200);
        assert.equal((await expiry()).toISOString(), notAfter);
    });

    describe("with revocation lists", () => {
        before(async () => {
            settings = { ...settings, moreCa: undefined, chain: { ...settings.chain, revoked: [] } };
            await stack.up(listening);
        });

        it("a chain in which nothing is revoked is accepted", async () => {
            await startOver();
            await answers(200);
        });

        it("an update without a change shows none, though lists are signed", async () => {
            const { changeSummary } = await stack.preview(listening);
            assert.deepEqual(Object.keys(changeSummary), ["same"]);
        });

        it("a list of an unrelated authority changes nothing", async () => {
            const unrelated = issueCrl({ certificate: other.certificate, privateKey: keyPem(other.key) }, []);
            settings = { ...settings, moreCrl: unrelated };
            await stack.up(listening);
            await startOver();
            await answers(200);
        });

        it("lists that do not cover the chain are refused at preview", async () => {
            const covering = settings;
            settings = { ...settings, onlyCrl: settings.moreCrl };
            await assert.rejects(stack.preview(listening), /crl: has no list of .*certs intermediate/);
            settings = covering;
        });

        it("a revoked server is refused, and one with a new certificate accepted", async () => {
            const { serial } = (await facts(stack)).server;
            const revoked = [{ serial, revokedAt: new Date(Date.now() - 1000).toISOString() }];
            settings = { ...settings, chain: { ...settings.chain, revoked } };
            await stack.up(listening);
            await answers(503, /CERTIFICATE_VERIFY_FAILED.*revoked/);
            settings = { ...settings, chain: { ...settings.chain, rotationTrigger: "after the revocation" } };
            await stack.up(listening);
            await answers(200);
        });
    });

    /** Waits until a call is answered like this; old connections may last for a while. */
    async function answers(status: number, failure = /^$/): Promise<void> {
        let last = "";
        await waitFor(`${status} from the partner`, DELIVERY_SECONDS + CONNECTION_SECONDS, async () => {
            const answer = await call(cluster, caller, CERTS_HOST);
            last = `${answer.status} ${answer.failure}`;
            return answer.status === status && failure.test(answer.failure);
        }).catch((error: Error) => assert.fail(`${error.message}; last: ${last}`));
    }

    /** Certificate and key of the other authority's that ended an hour ago, as the data of a secret. */
    async function expiredCertificate(options: Partial<CertificateOptions>): Promise<Record<string, string>> {
        const expired = await issue({ subject: "CN=expired", issuer: other, ...around(-HOUR), ...options });
        return {
            "tls.crt": Buffer.from(expired.certificate).toString("base64"),
            "tls.key": Buffer.from(keyPem(expired.key)).toString("base64"),
        };
    }

    /** Changes a secret of the stack in the engine's name, which would else no longer have a say in it. */
    async function deliver(place: { name: string; namespace: string }, data: Record<string, string>): Promise<void> {
        const { type, metadata } = await cluster.core.readNamespacedSecret(place);
        const manager = metadata?.managedFields?.find((one) => one.manager?.startsWith("pulumi"))?.manager;
        const { annotations, labels } = metadata ?? {};
        const secret = { apiVersion: "v1", kind: "Secret", type, metadata: { ...place, annotations, labels }, data };
        await cluster.objects.patch(secret, undefined, undefined, manager, false, PatchStrategy.ServerSideApply);
    }

    /** nginx reads its certificate when it starts. */
    async function restartServer(): Promise<void> {
        const { name } = await cluster.readyPod(CERTS_SERVER, "app=certs-server", "nginx");
        await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: CERTS_SERVER } }, 1);
        await cluster.readyPod(CERTS_SERVER, "app=certs-server", "nginx");
    }

    /** Waits until no connection from before is left. */
    async function startOver(): Promise<void> {
        await waitFor("old connections to end", 2 * CONNECTION_SECONDS, async () => {
            const connections = /outbound\|80\|\|certs\.partner\.example::[^:]+:\d+::cx_active::(\d+)/g;
            const found = [...(await gatewayPage("clusters")).matchAll(connections)].map(([, count]) => Number(count));
            return found.length > 0 && found.every((count) => count === 0);
        });
    }

    async function gatewayPage(path: string): Promise<string> {
        const gateway = await cluster.readyPod(CERTS_GATEWAY, `istio=${CERTS_GATEWAY}`, "istio-proxy");
        return proxyPage(cluster, gateway, path);
    }

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
        const found = [...(await serverLog(2)).matchAll(/"Client serial" ([0-9A-F]+) "SUCCESS"/g)];
        return [...new Set(found.map(([, serial]) => serial.toLowerCase()))];
    }

    /** What all running servers have logged in the last seconds. */
    async function serverLog(sinceSeconds: number): Promise<string> {
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
                        sinceSeconds,
                    }),
                ),
        );
        return logs.join("\n");
    }
});

/** Valid for an hour around now, moved by some time. */
function around(shift: number) {
    return { notBefore: new Date(Date.now() - 2 * HOUR + shift), notAfter: new Date(Date.now() + shift) };
}

type Facts = Record<string, CertificateDetails>;

async function facts(stack: Stack): Promise<Facts> {
    const { certificates } = await stack.outputs();
    return Object.fromEntries((certificates.value as CertificateDetails[]).map((one) => [one.name, one]));
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
