import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import * as k8s from "@kubernetes/client-node";
import { pulumiHome } from "../../lab/engine";
import { DEMO_STACK, stateFolder } from "../../lab/local/stack";
import { Cluster } from "../../lab/proof/cluster";
import { STACK_NAMESPACES } from "../../lab/proof/proofs";
import { LocalEnvironment, localEnvironment, said } from "../support/localEnvironment";

/** The first bytes of a compressed file. */
const GZIP = Buffer.from([0x1f, 0x8b]);

describe("the secrets of all that was tested", () => {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let keys: string[];

    before(async function () {
        environment = await localEnvironment(this);
        ({ cluster } = environment);
        keys = await privateKeys(cluster);
        assert.ok(keys.length >= 2, "the environment has no private keys to look for");
    });

    it("no private key is in plaintext in the state", async () => {
        // The files themselves, with history and backups: an export would decrypt what is secret.
        const folder = join(stateFolder(environment.local), ".pulumi");
        const files = await readdir(folder, { recursive: true, withFileTypes: true });
        const states = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
        assert.ok(states.some((file) => basename(file) === `${DEMO_STACK}.json`));
        for (const file of states) {
            assertNoKey(await readFile(file, "utf8"), keys);
        }
    });

    it("no private key is in plaintext in previews, updates and the event log", () => {
        assert.ok(said.length > 0);
        assertNoKey(said.join("\n"), keys);
    });

    it("no private key is in the logs that the engine keeps by itself and does not encrypt", async () => {
        // The engine encrypts a log from when it knows the stack's secrets provider on.
        const folder = join(pulumiHome(), "logs");
        const logs = (await readdir(folder)).map((file) => join(folder, file));
        assert.ok(logs.length > 0);
        for (const log of logs) {
            // Engines of other tests remove old ones meanwhile.
            const content = existsSync(log) ? await readFile(log) : Buffer.alloc(0);
            if (content.subarray(0, GZIP.length).equals(GZIP)) {
                // A log of an engine that was killed has no end.
                assertNoKey(gunzipSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).toString(), keys);
            }
        }
    });

    it("no private key is in a Helm value", async () => {
        const releases = await helmReleases(cluster);
        assert.ok(releases.length >= 3, `found ${releases.length} releases`);
        assertNoKey(releases.join("\n"), keys);
    });

    it("no secret has a last-applied-configuration", async () => {
        const secrets = (await Promise.all(STACK_NAMESPACES.map((namespace) => secretsOf(cluster, namespace)))).flat();
        const annotated = secrets.filter(({ metadata }) =>
            Object.keys(metadata?.annotations ?? {}).some((key) => key.includes("last-applied")),
        );
        assert.deepEqual(
            annotated.map(({ metadata }) => metadata?.name),
            [],
        );
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
