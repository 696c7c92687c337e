import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { evict, killEnvoy, restart, restarts, rolledOut } from "../../chaos/stage/faults";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { issue } from "../support/certificates";
import { Load } from "../support/load";
import { listening, localEnvironment } from "../support/localEnvironment";
import { startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import { APPS, GATEWAY, HOST, PARTNERS, faultsProgram } from "./faults.program";

const DAY = 86_400_000;
/** Seconds after which a call counts as lost. A busy machine is slow, and slow answers are none of the promises. */
const PATIENCE = 20;

/*
 * The short faults of `npm run chaos`, at a hundred calls a second. What is promised are the calls that fail, not how long they take.
 */

describe("what callers see of a fault of the gateway, which has two replicas", function () {
    let cluster: Cluster;
    let stack: Stack | undefined;
    let caller: PodRef;

    before(async function () {
        const { engine, plugins, local, cluster: own } = await localEnvironment(this);
        cluster = own;
        const valid = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
        const ca = await issue({ subject: "CN=faults CA", ca: true, ...valid });
        const server = await issue({ subject: "CN=partner", issuer: ca, hosts: [HOST], usage: "server", ...valid });
        const client = await issue({ subject: "CN=faults", issuer: ca, usage: "client", ...valid });
        const image = local.settings.nginxImage ?? "nginx:1.29";
        await startPartner(cluster, PARTNERS, image, [{ hosts: [HOST], certificate: server }], ca.certificate);
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        stack = await openProofStack(engine, plugins, local, "faults", faultsProgram(local, ca, client));
        await stack.up({ refresh: true, ...listening });
        caller = await startCaller(cluster, APPS, "caller", local.settings.curlImage);
        await waitFor("200 from the partner", 60, async () => (await call(cluster, caller, HOST)).status === 200);
    });

    after(async () => {
        if (stack === undefined) {
            return;
        }
        await stack.destroy(listening);
        await stack.workspace.removeStack(stack.name);
        for (const name of [APPS, PARTNERS]) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** Fails where a call failed during the fault, before it or after it. */
    async function assertNoneFails(fault: () => Promise<void>, methods = ["GET", "POST"]): Promise<void> {
        const load = await Load.start(cluster, caller, HOST, PATIENCE, methods);
        try {
            await waitFor("a first call", 30, async () => (await call(cluster, caller, HOST)).status === 200);
            await fault();
            await rolledOut(cluster, GATEWAY);
        } catch (error) {
            await load.end().catch(() => undefined);
            throw error;
        }
        const { answered, failures } = await load.end();
        console.log(`      ${answered} calls`);
        assert.ok(answered > 0);
        assert.deepEqual(failures, {});
    }

    const aPod = () => cluster.readyPod(GATEWAY.namespace, `app=${GATEWAY.name}`, "istio-proxy");

    it("no call fails when a pod is deleted", () =>
        assertNoneFails(async () => {
            const { name, namespace } = await aPod();
            await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } });
        }));

    it("no GET fails when a pod's Envoy is killed with signal 9: it is sent again over the other pod", () =>
        assertNoneFails(async () => {
            const before = await restarts(cluster, GATEWAY);
            await killEnvoy(cluster, await aPod());
            await waitFor("the container to start again", 60, async () => (await restarts(cluster, GATEWAY)) > before);
        }, ["GET"]));

    it("no call fails when all pods are evicted at once, as kubectl drain does", () =>
        assertNoneFails(() => evict(cluster, GATEWAY.namespace, `app=${GATEWAY.name}`)));

    it("no call fails when all pods are replaced", () => assertNoneFails(() => restart(cluster, GATEWAY)));
});
