import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as k8s from "@kubernetes/client-node";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { EgressProbe } from "../../components";
import { EngineChoice, PluginChoice } from "../../lab/engine";
import { forgetLocalStack, openLocalStack, stateFolder } from "../../lab/local/stack";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { CALLERS, HOST, IMPOSTOR } from "../../lab/proof/program";
import { PROOFS, STACK_NAMESPACES, Scene } from "../../lab/proof/proofs";
import { openScene } from "../../lab/proof/scene";
import { stopWorkloads } from "../../lab/proof/workloads";
import type { LocalCluster } from "../../lab/local/cluster";
import { hostObjectName } from "../../plan/names";
import { machine } from "../support/machine";

describe("the local environment on a real cluster", function () {
    let engine: EngineChoice;
    let plugins: PluginChoice[];
    let local: LocalCluster;
    let cluster: Cluster;
    let stack: Stack;
    let scene: Scene;
    /** Everything the engine has said so far, to be searched for secrets. */
    const said: string[] = [];
    const onEvent = (event: EngineEvent) => {
        // Pulumi's own SDK logs what it is answered, secrets and all, at this severity, which the CLI shows to nobody
        // who does not ask for it with --debug.
        if ((event.diagnosticEvent?.severity as string) !== "debug") {
            said.push(JSON.stringify(event));
        }
    };
    const onOutput = (text: string) => void said.push(text);

    before(async function () {
        ({ engine, plugins } = await machine.engine(this));
        local = await machine.cluster(this);
        cluster = new Cluster(local.kubeconfig, local.context);
        stack = await openLocalStack(engine, plugins, local);
        await stack.preview({ onEvent, onOutput });
        await stack.up({ refresh: true, onEvent, onOutput });
        scene = await openScene(cluster, local.settings.curlImage);
    });

    for (const proof of PROOFS) {
        it(proof.claim, async () => {
            await proof.observe(scene);
        });
    }

    it("a route whose rule somebody deleted fails instead of calling in plaintext", async () => {
        const rule = {
            apiVersion: "networking.istio.io/v1",
            kind: "DestinationRule",
            metadata: { name: hostObjectName(HOST), namespace: scene.gateway.namespace },
        };
        const { spec }: AnyObject = await cluster.objects.read<AnyObject>(rule);
        await cluster.remove(rule);
        try {
            const seen = await waitFor("another answer than 200", 15, async () => {
                const answer = await call(cluster, scene.caller, HOST);
                return answer.status !== 200 && answer;
            });
            // nginx answers 400 to plaintext on its TLS port.
            assert.equal(seen.status, 503, seen.body);
            assert.match(seen.failure, /TLS_error/);
        } finally {
            await cluster.apply({ ...rule, spec });
        }
        await waitFor("200 again", 15, async () => (await call(cluster, scene.caller, HOST)).status === 200);
    });

    it("a probe that gets another answer fails the update with the reason", async () => {
        const probing = await openLocalStack(engine, plugins, local, (opts) => {
            const probe = { namespace: CALLERS, host: IMPOSTOR, image: local.settings.curlImage, timeoutSeconds: 5 };
            new EgressProbe("impostor-probe", probe, opts);
        });
        const failure = await probing.up({ onEvent, onOutput }).then(
            () => assert.fail("the probe succeeded"),
            (error: unknown) => String(error),
        );
        assert.match(
            failure,
            /impostor\.partner\.example answered 503, expected 200: the server's certificate is not for/,
        );
        assert.match(failure, /certificate_SANs_are_\[mtls\.partner\.example/);
        // Without the probe in the program, the next update takes its Job away.
        await stack.up({ onEvent, onOutput });
    });

    it("a second up changes nothing", async () => {
        const { summary } = await stack.up({ onEvent, onOutput });
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("a refresh finds no drift", async () => {
        const { summary } = await stack.refresh({ onEvent, onOutput });
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    describe("and its secrets", () => {
        let keys: string[];

        before(async () => {
            keys = await privateKeys(cluster);
            assert.ok(keys.length >= 2, "the environment has no private keys to look for");
        });

        it("no private key is in plaintext in the state", async () => {
            // The files themselves, with history and backups: an export would decrypt what is secret.
            const folder = join(stateFolder(local), ".pulumi");
            const files = await readdir(folder, { recursive: true, withFileTypes: true });
            const states = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
            assert.ok(states.some((file) => file.endsWith("local.json")));
            for (const file of states) {
                assertNoKey(await readFile(file, "utf8"), keys);
            }
        });

        it("no private key is in plaintext in previews, updates and the event log", () => {
            assert.ok(said.length > 0);
            assertNoKey(said.join("\n"), keys);
        });

        it("no private key is in a Helm value", async () => {
            const releases = await helmReleases(cluster);
            assert.ok(releases.length >= 3, `found ${releases.length} releases`);
            assertNoKey(releases.join("\n"), keys);
        });

        it("no secret has a last-applied-configuration", async () => {
            const secrets = (
                await Promise.all(STACK_NAMESPACES.map((namespace) => secretsOf(cluster, namespace)))
            ).flat();
            const annotated = secrets.filter(({ metadata }) =>
                Object.keys(metadata?.annotations ?? {}).some((key) => key.includes("last-applied")),
            );
            assert.deepEqual(
                annotated.map(({ metadata }) => metadata?.name),
                [],
            );
        });
    });

    describe("taken down", () => {
        it("destroy leaves nothing of the stack behind", async () => {
            await stopWorkloads(cluster);
            await stack.destroy({ onEvent, onOutput });
            const { deployment } = (await stack.exportStack()) as { deployment: { resources?: unknown[] } };
            assert.deepEqual(deployment.resources ?? [], []);
            assert.deepEqual(await leftovers(cluster), []);
            forgetLocalStack(local);
        });
    });
});

function secretsOf(cluster: Cluster, namespace: string): Promise<k8s.V1Secret[]> {
    return cluster.core.listNamespacedSecret({ namespace }).then(({ items }) => items);
}

/** The private keys that the environment has delivered, PEM. */
async function privateKeys(cluster: Cluster): Promise<string[]> {
    const secrets = (
        await Promise.all(["istio-egress", "mesh-external"].map((name) => secretsOf(cluster, name)))
    ).flat();
    return secrets
        .map(({ data }) => data?.["tls.key"])
        .filter((key) => key !== undefined)
        .map((key) => Buffer.from(key, "base64").toString());
}

/** Looks for each key as text, as one line of it, and as Kubernetes encodes it. */
function assertNoKey(text: string, keys: string[]): void {
    assert.ok(!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text), "there is a PEM private key");
    for (const key of keys) {
        const line = key.split("\n")[1];
        assert.ok(line.length > 20 && !text.includes(line), "there is a line of a private key");
        const encoded = Buffer.from(key).toString("base64");
        assert.ok(!text.includes(encoded.slice(60, 100)), "there is an encoded private key");
    }
}

/** What Helm keeps of its releases in the cluster, decoded. */
async function helmReleases(cluster: Cluster): Promise<string[]> {
    const { items } = await cluster.core.listSecretForAllNamespaces({ fieldSelector: "type=helm.sh/release.v1" });
    return items.map(({ data }) => {
        const stored = Buffer.from(data?.release ?? "", "base64").toString();
        return gunzipSync(Buffer.from(stored, "base64")).toString();
    });
}

/**
 * What is still there after a destroy. Not counted: Istio's CRDs, which its chart marks to be kept because deleting one
 * deletes every object of its kind, and the istio-ca-root-cert that istiod puts into every namespace.
 */
async function leftovers(cluster: Cluster): Promise<string[]> {
    const namespaces = await cluster.core.listNamespace();
    const webhooks = cluster.api(k8s.AdmissionregistrationV1Api);
    const rbac = cluster.api(k8s.RbacAuthorizationV1Api);
    const lists = await Promise.all([
        webhooks.listMutatingWebhookConfiguration(),
        webhooks.listValidatingWebhookConfiguration(),
        rbac.listClusterRole(),
        rbac.listClusterRoleBinding(),
    ]);
    const names = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ""));
    return [
        ...namespaces.items
            .map(({ metadata }) => metadata?.name ?? "")
            .filter((name) => STACK_NAMESPACES.includes(name)),
        ...names.filter((name) => name.startsWith("istio")),
    ];
}
