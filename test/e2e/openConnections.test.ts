import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { proxyPage } from "../../lab/proof/proxy";
import { issue } from "../support/certificates";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import { APPS, CHANGING, GATEWAY, OPEN, PARTNERS, openConnectionsProgram } from "./openConnections.program";

const DAY = 86_400_000;
/** The longest that a revoked caller may go on over a connection that was open. */
const REVOCATION_SECONDS = 5;

describe("a change of callers while their connections to the gateway are open", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let caller: PodRef;
    let allowed = ["caller", "other"];

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const valid = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
        const ca = await issue({ subject: "CN=open CA", ca: true, ...valid });
        const server = await issue({ subject: "CN=partner", issuer: ca, hosts: [OPEN], usage: "server", ...valid });
        const { engine, plugins, local } = environment;
        const image = local.settings.nginxImage ?? "nginx:1.29";
        await startPartner(cluster, PARTNERS, image, [{ hosts: [OPEN], certificate: server }], ca.certificate);
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        const program = openConnectionsProgram(local, () => allowed);
        stack = await openProofStack(engine, plugins, local, "open", program);
        await stack.up({ refresh: true, ...listening });
        caller = await startCaller(cluster, APPS, "caller", local.settings.curlImage, { serviceAccount: "caller" });
    });

    after(async () => {
        if (stack === undefined) {
            return;
        }
        await stack.destroy(listening);
        for (const name of [APPS, PARTNERS]) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** Calls from many connections of the application at once, so that every worker of its sidecar opens one. */
    async function openConnections(): Promise<void> {
        await waitFor("calls to the open host", 30, async () => (await call(cluster, caller, OPEN)).status === 200);
        await Promise.all(Array.from({ length: 12 }, () => call(cluster, caller, OPEN)));
        const page = await proxyPage(cluster, caller, "clusters");
        const active = page
            .split("\n")
            .filter((line) => line.startsWith(`outbound|443||open.${GATEWAY}.`))
            .filter((line) => /::cx_active::[1-9]/.test(line));
        assert.equal(active.length, 2, "connections to both replicas are open");
    }

    /** Every listener of the gateway, with its filter chains. */
    async function listeners(): Promise<string[]> {
        const pods = await cluster.pods(GATEWAY, "istio=open");
        return Promise.all(
            pods.map(({ metadata }) => {
                const pod = { namespace: GATEWAY, name: metadata?.name ?? "", container: "istio-proxy" };
                return proxyPage(cluster, pod, "config_dump?resource=dynamic_listeners");
            }),
        );
    }

    it("a caller that is allowed gets no 403 from then on, and nobody's connection is drained for it", async () => {
        allowed = ["other"];
        await stack.up(listening);
        await waitFor("403", 30, async () => (await call(cluster, caller, CHANGING)).status === 403);
        await openConnections();
        const before = await listeners();
        allowed = ["caller", "other"];
        await stack.up(listening);
        await waitFor("200", 30, async () => (await call(cluster, caller, CHANGING)).status === 200);
        const later = await Promise.all(Array.from({ length: 24 }, () => call(cluster, caller, CHANGING)));
        assert.deepEqual(new Set(later.map(({ status }) => status)), new Set([200]));
        assert.deepEqual(await listeners(), before);
    });

    it(`a revoked caller gets 403 within ${REVOCATION_SECONDS} s, over every connection`, async () => {
        allowed = ["caller", "other"];
        await stack.up(listening);
        await waitFor("the host", 30, async () => (await call(cluster, caller, CHANGING)).status === 200);
        await openConnections();
        allowed = ["other"];
        await stack.up(listening);
        await waitFor("403", REVOCATION_SECONDS, async () => (await call(cluster, caller, CHANGING)).status === 403);
        const later: number[] = [];
        for (let round = 0; round < 20; round += 1) {
            later.push((await call(cluster, caller, CHANGING)).status);
        }
        assert.deepEqual(new Set(later), new Set([403]));
    });
});
