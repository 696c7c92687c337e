import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, PulumiFn, Stack, UpResult } from "@pulumi/pulumi/automation";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { binary } from "../../lab/build/build";
import { openStack, type PluginChoice } from "../../lab/engine";
import { findOnPath } from "../../lab/engine/findOnPath";
import { type EngineSetup, machine } from "../support/machine";
import { type ControlPlane, startControlPlane, until } from "../../lab/controlPlane";

const PASSWORD = "correct-horse-battery-staple";
const KEY = "-----BEGIN PRIVATE KEY-----";

describe("the stand-ins, run by the real engine", function () {
    let setup: EngineSetup;
    let cluster: ControlPlane;
    let folder: string;
    let helm: string;
    const stacks: Stack[] = [];

    before(async function () {
        setup = await machine.engine(this);
        const foundHelm = findOnPath("helm") ?? binary("helm");
        const started = foundHelm && (await startControlPlane());
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver, kube-controller-manager and helm; npm run lab -- build");
            return this.skip();
        }
        helm = foundHelm;
        cluster = started;
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-standins-"));
        // These tests are about the stand-ins, whatever else this machine has.
        const bin = join(__dirname, "..", "..", "lab", "standins", "bin");
        setup = { ...setup, plugins: setup.plugins.map((plugin) => forced(plugin, bin)) };
    });

    after(async () => {
        try {
            for (const stack of stacks) {
                await stack.destroy({ onOutput: () => undefined });
            }
        } finally {
            await cluster?.stop();
            if (folder) {
                await rm(folder, { recursive: true, force: true });
            }
        }
    });

    async function open(name: string, program: PulumiFn): Promise<Stack> {
        const stateDir = join(folder, "state");
        const env = { ...setup.env, MESH_EGRESS_HELM: helm };
        const stack = await openStack({
            ...setup,
            name,
            project: "standins",
            program,
            stateDir,
            passphrase: PASSWORD,
            env,
        });
        stacks.push(stack);
        return stack;
    }

    const provider = (args: Partial<kubernetes.ProviderArgs> = {}) =>
        new kubernetes.Provider("cluster", { kubeconfig: cluster.kubeconfig, enableSecretMutable: true, ...args });

    describe("kubernetes", () => {
        const values = { data: "one", secret: "first-secret-text", mutable: true, force: false };
        let stack: Stack;

        before(async () => {
            stack = await open("objects", () => {
                const options = {
                    provider: provider({ enableSecretMutable: values.mutable, enablePatchForce: values.force }),
                };
                const namespace = new kubernetes.core.v1.Namespace(
                    "objects",
                    { metadata: { name: "objects" } },
                    options,
                );
                const metadata = { namespace: namespace.metadata.name };
                const map = new kubernetes.core.v1.ConfigMap("auto", { metadata, data: { key: "text" } }, options);
                new kubernetes.core.v1.Secret(
                    "secret",
                    { metadata: { ...metadata, name: "secret" }, stringData: { password: values.secret } },
                    options,
                );
                const limits = { cpu: "1000m", memory: "0.5Gi" };
                const labels = { app: "web" };
                new kubernetes.apps.v1.Deployment(
                    "web",
                    {
                        metadata: {
                            ...metadata,
                            name: "web",
                            annotations: { "pulumi.com/skipAwait": "true", note: values.data },
                        },
                        spec: {
                            selector: { matchLabels: labels },
                            template: {
                                metadata: { labels },
                                spec: { containers: [{ name: "web", image: "example/web", resources: { limits } }] },
                            },
                        },
                    },
                    options,
                );
                return Promise.resolve({ map: map.metadata.name });
            });
        });

        it("previews and makes objects, and then finds nothing to do", async () => {
            assert.deepEqual((await stack.preview()).changeSummary, { create: 6 });
            const result = await up(stack);
            assert.deepEqual(result.summary.resourceChanges, { create: 6 });
            assert.match(result.outputs["map"].value as string, /^auto-[0-9a-f]{8}$/);
            assert.deepEqual((await up(stack)).summary.resourceChanges, { same: 6 });
            assert.deepEqual((await refresh(stack)).changes, { same: 6 });
        });

        it("leaves no copy of the object in an annotation", async () => {
            const { metadata } = await cluster.api.get("/api/v1/namespaces/objects/secrets/secret");
            assert.deepEqual(metadata.annotations ?? {}, {});
        });

        it("shows where an update is, and makes it", async () => {
            values.data = "two";
            const events: EngineEvent[] = [];
            const { changeSummary } = await stack.preview({ onEvent: (event) => void events.push(event) });
            assert.deepEqual(changeSummary, { update: 1, same: 5 });
            const changed = events.flatMap(({ resourcePreEvent }) =>
                Object.keys(resourcePreEvent?.metadata.detailedDiff ?? {}),
            );
            assert.deepEqual(changed, ["metadata.annotations.note"]);
            await up(stack);
            const live = await cluster.api.get("/apis/apps/v1/namespaces/objects/deployments/web");
            assert.equal(live.metadata.annotations?.["note"], "two");
        });

        it("sees what was changed or deleted behind its back, and mends it", async () => {
            const path = "/apis/apps/v1/namespaces/objects/deployments/web";
            const patch = { metadata: { annotations: { note: "meddled" } }, spec: { replicas: 1 } };
            await cluster.api.request("PATCH", path, patch, "application/merge-patch+json");
            const name = (await stack.outputs())["map"].value as string;
            await cluster.api.request("DELETE", `/api/v1/namespaces/objects/configmaps/${name}`);
            assert.deepEqual((await refresh(stack)).changes, { delete: 1, update: 1, same: 4 });
            assert.match(
                await failure(up(stack)),
                /deployment objects\/web was not updated: .*Server-Side Apply field conflict detected[^]*had an apply conflict: /,
            );
            values.force = true;
            assert.deepEqual((await up(stack)).summary.resourceChanges, { update: 2, same: 4 });
            assert.equal((await cluster.api.get(path)).metadata.annotations?.["note"], "two");
        });

        it("sees a changed secret without telling it", async () => {
            const path = "/api/v1/namespaces/objects/secrets/secret";
            const data = { password: Buffer.from("meddled-secret-text").toString("base64") };
            await cluster.api.request("PATCH", path, { data }, "application/merge-patch+json");
            const { changes, output } = await refresh(stack);
            assert.deepEqual(changes, { update: 1, same: 5 });
            assert.doesNotMatch(output + (await stored(folder)), /meddled-secret-text|bWVkZGxlZC1zZWNyZXQtdGV4d/);
            await up(stack);
            assert.equal(await secretText(cluster, "objects", "secret", "password"), values.secret);
        });

        it("changes a secret in place where the provider may, and replaces it where it may not", async () => {
            const uid = async () => (await cluster.api.get("/api/v1/namespaces/objects/secrets/secret")).metadata.uid;
            const first = await uid();
            values.secret = "second-secret-text";
            const inPlace = await up(stack);
            assert.deepEqual(inPlace.summary.resourceChanges, { update: 1, same: 5 });
            assert.equal(await uid(), first);
            assert.equal(await secretText(cluster, "objects", "secret", "password"), values.secret);

            values.mutable = false;
            await up(stack);
            values.secret = "third-secret-text";
            assert.deepEqual((await stack.preview()).changeSummary, { replace: 1, same: 5 });
            const replaced = await up(stack);
            assert.deepEqual(replaced.summary.resourceChanges, { replace: 1, same: 5 });
            assert.notEqual(await uid(), first);
            assert.doesNotMatch(
                inPlace.stdout + replaced.stdout + (await stored(folder)),
                /(second|third)-secret-text/,
            );
        });

        it("removes everything", async () => {
            await stack.destroy();
            assert.equal(await cluster.api.find("/api/v1/namespaces/objects"), undefined);
        });

        it("previews without a cluster", async () => {
            const nowhere = await open("nowhere", () => {
                const options = { provider: provider({ kubeconfig: "/nowhere/kubeconfig" }) };
                new kubernetes.core.v1.Namespace("objects", { metadata: { name: "objects" } }, options);
                return Promise.resolve();
            });
            assert.deepEqual((await nowhere.preview()).changeSummary, { create: 3 });
            await assert.rejects(nowhere.up(), /there is no kubeconfig at \/nowhere\/kubeconfig/);
        });

        it("tells what the API server has against an object, but not its secrets", async () => {
            const refused = await open("refused", () => {
                const spec = { type: pulumi.secret("secret-type-text"), ports: [{ port: 80 }] };
                const metadata = { name: "refused", namespace: "default" };
                new kubernetes.core.v1.Service("refused", { metadata, spec }, { provider: provider() });
                return Promise.resolve();
            });
            const error = await failure(up(refused));
            assert.match(
                error,
                /service default\/refused was not created: the API server says: .*spec\.type: Unsupported/,
            );
            assert.doesNotMatch(error, /secret-type-text/);
        });

        it("takes over what kubectl has applied, and conflicts with an owner that the state does not know", async () => {
            const path = "/api/v1/namespaces/default/configmaps/owned";
            const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owned" } };
            const apply = (manager: string, text: string) =>
                cluster.api.request(
                    "PATCH",
                    `${path}?fieldManager=${manager}&force=true`,
                    { ...object, data: { text } },
                    "application/apply-patch+yaml",
                );
            let data = { text: "one" };
            const owned = await open("owned", () => {
                const args = { metadata: { name: "owned", namespace: "default" }, data };
                new kubernetes.core.v1.ConfigMap("owned", args, {
                    provider: provider({ enableConfigMapMutable: true }),
                });
                return Promise.resolve();
            });
            await up(owned);
            await apply("kubectl", "theirs");
            data = { text: "two" };
            await up(owned);
            assert.deepEqual((await cluster.api.get(path))["data"], data);

            // A state that somebody wrote by hand has no name of a manager: the plugin makes one up.
            const state = await owned.exportStack();
            const { resources = [] } = state.deployment as { resources?: { outputs?: Record<string, unknown> }[] };
            resources.forEach(({ outputs }) => delete outputs?.["__fieldManager"]);
            await owned.importStack(state);
            data = { text: "three" };
            assert.match(
                await failure(up(owned)),
                /field manager "pulumi-kubernetes-[0-9a-f]+" had an apply conflict: .*conflict with "pulumi-kubernetes-/,
            );
        });

        it("refuses to take over what is there already", async () => {
            const taken = await open("taken", () => {
                new kubernetes.core.v1.Namespace(
                    "default",
                    { metadata: { name: "default" } },
                    { provider: provider() },
                );
                return Promise.resolve();
            });
            assert.match(await failure(taken.up()), /namespace default was not created: it exists already/);
        });

        it("fails with the last words of a job's pod, and runs it again in the next update", async () => {
            const stack = await open("job", () => {
                const spec = {
                    backoffLimit: 0,
                    template: {
                        spec: { restartPolicy: "Never", containers: [{ name: "probe", image: "example/probe" }] },
                    },
                };
                const annotations = { "pulumi.com/replaceUnready": "true" };
                const metadata = { name: "probe", namespace: "default", annotations };
                new kubernetes.batch.v1.Job("probe", { metadata, spec }, { provider: provider() });
                return Promise.resolve();
            });
            const [error] = await Promise.all([failure(stack.up()), endPod(cluster, "503 from the gateway", 1)]);
            assert.match(error, /job default\/probe failed: 503 from the gateway \(container probe of pod probe-/);
            assert.equal((await stack.preview()).changeSummary["replace"], 1);
        });
    });

    describe("a Helm release", () => {
        const values = { text: "one", chart: "" };
        let stack: Stack;

        before(async () => {
            values.chart = await writeChart(folder);
            stack = await open("release", () => {
                const release = new kubernetes.helm.v3.Release(
                    "release",
                    {
                        name: "release",
                        namespace: "release",
                        createNamespace: true,
                        chart: values.chart,
                        values: { text: values.text, password: pulumi.secret("chart-secret-text") },
                    },
                    { provider: provider() },
                );
                return Promise.resolve({ status: release.status, names: release.resourceNames });
            });
        });

        const live = async () => {
            const map = await cluster.api.get("/api/v1/namespaces/release/configmaps/release");
            return (map["data"] as Record<string, string>)["text"];
        };

        it("is installed, changed and left alone", async () => {
            assert.deepEqual((await stack.preview()).changeSummary, { create: 3 });
            const { outputs } = await up(stack);
            const status = outputs["status"].value as Record<string, unknown>;
            assert.deepEqual(
                { ...status },
                {
                    name: "release",
                    namespace: "release",
                    chart: "tiny",
                    version: "1.2.3",
                    appVersion: "4.5.6",
                    revision: 1,
                    status: "deployed",
                },
            );
            assert.deepEqual(outputs["names"].value, { "ConfigMap/v1": ["release/release"] });
            assert.equal(await live(), "one");
            assert.deepEqual((await up(stack)).summary.resourceChanges, { same: 3 });
            assert.deepEqual((await refresh(stack)).changes, { same: 3 });
            values.text = "two";
            const changed = await up(stack);
            assert.deepEqual(changed.summary.resourceChanges, { update: 1, same: 2 });
            assert.equal(await live(), "two");
            assert.doesNotMatch(changed.stdout + (await stored(folder)), /chart-secret-text/);
        });

        it("is mended after someone else changed it", async () => {
            const kubeconfig = join(folder, "kubeconfig");
            await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
            const place = ["--namespace", "release", "--kubeconfig", kubeconfig];
            execFileSync(helm, ["upgrade", "release", values.chart, "--set", "text=meddled", ...place]);
            assert.deepEqual((await refresh(stack)).changes, { update: 1, same: 2 });
            await up(stack);
            assert.equal(await live(), "two");
        });

        it("fails with helm's message and without the values", async () => {
            values.text = "bad";
            const error = await failure(stack.up());
            assert.match(error, /release release\/release was not installed: helm says: .*the text is bad/);
            assert.doesNotMatch(error, /chart-secret-text/);
            values.text = "two";
            const { chart } = values;
            values.chart = join(folder, "no-chart");
            assert.match(
                await failure(stack.preview()),
                /no-chart.*; check the chart name and repository configuration/,
            );
            values.chart = chart;
        });

        it("fails in a preview when its repository cannot be reached, as the official plugin does", async () => {
            const remote = { chart: "base", repo: "https://unreachable.example/charts", version: "1.31.0" };
            const charts = await open("remote", () => {
                const { chart, repo, version } = remote;
                new kubernetes.helm.v3.Release(
                    "remote",
                    { chart, version, repositoryOpts: { repo } },
                    { provider: provider({ kubeconfig: "/nowhere/kubeconfig" }) },
                );
                return Promise.resolve();
            });
            assert.match(
                await failure(charts.preview()),
                /unreachable\.example.*; check the chart name and repository configuration/,
            );
            remote.repo = "https://charts.example";
            assert.deepEqual((await charts.preview()).changeSummary, { create: 3 });
            remote.version = "0.0.1";
            assert.match(await failure(charts.preview()), /"?base"?.*0\.0\.1.*check the chart name/);
        });

        it("takes the chart's own version, where a range is asked for", async () => {
            const ranged = await open("ranged", () => {
                const repositoryOpts = { repo: "https://charts.example" };
                const args = { chart: "base", version: ">= 1.31.0", repositoryOpts };
                new kubernetes.helm.v3.Release("ranged", args, { provider: provider({ kubeconfig: "/nowhere" }) });
                return Promise.resolve();
            });
            const events: EngineEvent[] = [];
            await ranged.preview({ onEvent: (event) => void events.push(event) });
            const versions = events.flatMap(({ resourcePreEvent }) => {
                const step = resourcePreEvent?.metadata;
                return step?.type === "kubernetes:helm.sh/v3:Release"
                    ? [(step.new?.inputs as { version?: string } | undefined)?.version]
                    : [];
            });
            assert.deepEqual(versions, ["1.31.1"]);
        });

        it("is uninstalled, also when it is gone", async () => {
            const kubeconfig = join(folder, "kubeconfig");
            execFileSync(helm, ["uninstall", "release", "--namespace", "release", "--kubeconfig", kubeconfig]);
            await stack.destroy();
            assert.equal(await cluster.api.find("/api/v1/namespaces/release/configmaps/release"), undefined);
        });
    });

    describe("tls", () => {
        const settings = { early: 0, name: "leaf" };
        let stack: Stack;

        before(async () => {
            stack = await open("tls", () => Promise.resolve(certificates(settings)));
        });

        it("makes a chain that openssl and Node accept", async () => {
            assert.deepEqual((await stack.preview()).changeSummary, { create: 9 });
            const { outputs } = await up(stack);
            const [root, intermediate, leaf] = ["root", "intermediate", "leaf"].map(
                (name) => outputs[name].value as string,
            );
            await writeFile(join(folder, "root.pem"), root);
            await writeFile(join(folder, "intermediate.pem"), intermediate);
            await writeFile(join(folder, "leaf.pem"), leaf);
            const trust = ["-x509_strict", "-CAfile", join(folder, "root.pem")];
            const chain = ["-untrusted", join(folder, "intermediate.pem"), join(folder, "leaf.pem")];
            const purpose = ["-purpose", "sslclient", "-verify_hostname", "leaf.example.com"];
            const verdict = execFileSync("openssl", ["verify", ...purpose, ...trust, ...chain]);
            assert.match(verdict.toString(), /leaf\.pem: OK/);
            const [top, middle, bottom] = [root, intermediate, leaf].map((pem) => new X509Certificate(pem));
            assert.ok(bottom.checkIssued(middle) && bottom.verify(middle.publicKey));
            assert.ok(middle.checkIssued(top) && middle.verify(top.publicKey) && middle.ca && !bottom.ca);
            const key = outputs["key"];
            assert.ok(key.secret);
            assert.match(key.value as string, /^-----BEGIN EC PRIVATE KEY-----\n/);
        });

        it("keeps the keys out of the state's plain text", async () => {
            const state = await stored(folder);
            assert.doesNotMatch(state, /BEGIN (EC )?PRIVATE KEY/);
            assert.match(state, /BEGIN CERTIFICATE/);
        });

        it("finds nothing to do until something changes", async () => {
            assert.deepEqual((await up(stack)).summary.resourceChanges, { same: 9 });
            assert.deepEqual((await refresh(stack)).changes, { same: 9 });
            settings.name = "other";
            // The request and the certificate made from it; the keys stay.
            assert.deepEqual((await stack.preview()).changeSummary, { replace: 2, same: 7 });
            settings.name = "leaf";
        });

        it("replaces a certificate once it is within the hours before its end", async () => {
            settings.early = 3;
            const before = (await stack.outputs())["leaf"].value as string;
            assert.deepEqual((await stack.preview()).changeSummary, { replace: 1, same: 8 });
            const { outputs } = await up(stack);
            assert.notEqual(outputs["leaf"].value, before);
            settings.early = 0;
            assert.deepEqual((await up(stack)).summary.resourceChanges, { update: 1, same: 8 });
            assert.deepEqual((await stack.preview()).changeSummary, { same: 9 });
        });
    });

    it("say that they are stand-ins", async () => {
        const stack = await open("named", () => {
            new tls.PrivateKey("key", { algorithm: "ED25519" });
            return Promise.resolve();
        });
        const { stdout } = await up(stack);
        assert.match(stdout, /stand-in for the official tls plugin \(tests and demo only\)/);
        assert.equal(stdout.includes(KEY), false);
    });

    it("end with the engine, even when it is killed", async () => {
        const stack = await open("killed", () => {
            const container = { name: "never", image: "example/never" };
            const metadata = { name: "never", namespace: "default" };
            new kubernetes.core.v1.Pod(
                "never",
                { metadata, spec: { containers: [container] } },
                { provider: provider() },
            );
            return Promise.resolve();
        });
        const ended = failure(up(stack));
        let engine = 0;
        let plugins: number[] = [];
        await until("a stand-in waits for the pod", async () => {
            const found = processes().find(({ args }) => /pulumi up .*--stack killed/.test(args));
            engine = found?.pid ?? 0;
            plugins = processes().flatMap(({ pid, ppid, args }) =>
                ppid === engine && /pulumi-resource/.test(args) ? pid : [],
            );
            return (
                plugins.length > 0 && (await cluster.api.find("/api/v1/namespaces/default/pods/never")) !== undefined
            );
        });
        process.kill(engine, "SIGKILL");
        await until("no stand-in is left", () => {
            const living = processes().filter(({ pid }) => plugins.includes(pid));
            return Promise.resolve(living.length === 0);
        });
        await ended;
        await stack.cancel();
        await cluster.api.request("DELETE", "/api/v1/namespaces/default/pods/never?gracePeriodSeconds=0");
    });
});

function processes(): { pid: number; ppid: number; args: string }[] {
    const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="]).toString().split("\n");
    return lines.flatMap((line) => {
        const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
        return args ? [{ pid: Number(pid), ppid: Number(ppid), args }] : [];
    });
}

function forced(plugin: PluginChoice, bin: string): PluginChoice {
    return { ...plugin, source: "stand-in", path: join(bin, `pulumi-resource-${plugin.name}`) };
}

function up(stack: Stack): Promise<UpResult> {
    return stack.up({ onOutput: () => undefined });
}

async function refresh(stack: Stack): Promise<{ changes: object; output: string }> {
    const { summary, stdout } = await stack.refresh({ onOutput: () => undefined });
    return { changes: summary.resourceChanges ?? {}, output: stdout };
}

/** The states of all stacks as they lie on the disk. */
async function stored(folder: string): Promise<string> {
    const files = await readdir(join(folder, "state"), { recursive: true, withFileTypes: true });
    const states = files.filter((file) => file.isFile() && file.name.endsWith(".json"));
    const texts = await Promise.all(states.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")));
    assert.ok(texts.length > 0, "there is no state to look into");
    return texts.join("\n");
}

async function failure(work: Promise<unknown>): Promise<string> {
    try {
        await work;
    } catch (error) {
        return (error as Error).message;
    }
    throw new Error("it did not fail");
}

async function secretText(cluster: ControlPlane, namespace: string, name: string, key: string): Promise<string> {
    const secret = await cluster.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
    return Buffer.from((secret["data"] as Record<string, string>)[key], "base64").toString("utf8");
}

/** Plays the kubelet that this cluster does not have: ends the first pod of the job. */
async function endPod(cluster: ControlPlane, message: string, exitCode: number): Promise<void> {
    await until("the job's pod ended", async () => {
        const query = "labelSelector=job-name%3Dprobe";
        const { items } = await cluster.api.get<{ items: { metadata: { name: string } }[] }>(
            `/api/v1/namespaces/default/pods?${query}`,
        );
        const path = `/api/v1/namespaces/default/pods/${items[0].metadata.name}/status`;
        const terminated = {
            exitCode,
            message,
            reason: "Error",
            startedAt: null,
            finishedAt: new Date().toISOString(),
        };
        const image = { image: "example/probe", imageID: "", ready: false, restartCount: 0 };
        const status = { phase: "Failed", containerStatuses: [{ name: "probe", ...image, state: { terminated } }] };
        await cluster.api.request("PATCH", path, { status }, "application/merge-patch+json");
        return true;
    });
}

/** A chart of one ConfigMap that does not like the text "bad". */
async function writeChart(folder: string): Promise<string> {
    const chart = join(folder, "tiny");
    await mkdir(join(chart, "templates"), { recursive: true });
    await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 1.2.3\nappVersion: 4.5.6\n");
    const template = [
        '{{- if eq .Values.text "bad" }}{{ fail (printf "the text is bad %s" .Values.password) }}{{ end }}',
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata: { name: {{ .Release.Name }} }",
        "data: { text: {{ .Values.text }} }",
    ];
    await writeFile(join(chart, "templates", "map.yaml"), template.join("\n"));
    return chart;
}

/** Root, intermediate and leaf, with the leaf valid for two hours. */
function certificates({ early, name }: { early: number; name: string }): Record<string, pulumi.Output<string>> {
    const ecdsa = { algorithm: "ECDSA", ecdsaCurve: "P256" };
    const subject = (commonName: string) => ({ commonName, organization: "Example" });
    const signing = { isCaCertificate: true, allowedUses: ["cert_signing", "crl_signing"] };
    const [rootKey, middleKey, key] = ["root", "middle", "leaf"].map((of) => new tls.PrivateKey(of, ecdsa));
    const root = new tls.SelfSignedCert("root", {
        ...signing,
        privateKeyPem: rootKey.privateKeyPem,
        subject: subject("root"),
        validityPeriodHours: 48,
        setAuthorityKeyId: true,
    });
    const middleRequest = new tls.CertRequest("middle", {
        privateKeyPem: middleKey.privateKeyPem,
        subject: subject("intermediate"),
    });
    const middle = new tls.LocallySignedCert("middle", {
        ...signing,
        certRequestPem: middleRequest.certRequestPem,
        caCertPem: root.certPem,
        caPrivateKeyPem: rootKey.privateKeyPem,
        maxPathLength: 0,
        validityPeriodHours: 24,
    });
    const request = new tls.CertRequest("leaf", {
        privateKeyPem: key.privateKeyPem,
        subject: subject(name),
        dnsNames: [`${name}.example.com`],
    });
    const leaf = new tls.LocallySignedCert("leaf", {
        certRequestPem: request.certRequestPem,
        caCertPem: middle.certPem,
        caPrivateKeyPem: middleKey.privateKeyPem,
        allowedUses: ["digital_signature", "client_auth", "server_auth"],
        validityPeriodHours: 2,
        earlyRenewalHours: early,
    });
    return { root: root.certPem, intermediate: middle.certPem, leaf: leaf.certPem, key: key.privateKeyPem };
}
