import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call, request } from "../../lab/proof/http";
import { proxyPage } from "../../lab/proof/proxy";
import { issue } from "../support/certificates";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import {
    APPS,
    CHANGING,
    GATEWAY,
    LATER,
    OPEN,
    PARTNERS,
    THROUGH,
    openConnectionsProgram,
} from "./openConnections.program";

const DAY = 86_400_000;
/** The longest that a change may take until it holds over every connection. */
const CHANGE_SECONDS = 5;
/** How long Envoy drains connections whose listener has changed: Istio's drainDuration. */
const DRAIN_SECONDS = 45;

describe("a change of callers while their connections to the gateway are open", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let caller: PodRef;
    let allowed = ["caller", "other"];
    let allowedThrough: string[] = ["other"];
    let allowedLater: string[] = [];

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const valid = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
        const ca = await issue({ subject: "CN=open CA", ca: true, ...valid });
        const server = await issue({
            subject: "CN=partner",
            issuer: ca,
            hosts: [OPEN, THROUGH],
            usage: "server",
            ...valid,
        });
        const { engine, plugins, local } = environment;
        const image = local.settings.nginxImage ?? "nginx:1.29";
        await startPartner(cluster, PARTNERS, image, [{ hosts: [OPEN, THROUGH], certificate: server }], ca.certificate);
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        const program = openConnectionsProgram(local, () => ({
            changing: allowed,
            through: allowedThrough,
            later: allowedLater,
        }));
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

    /** Calls without a pause over connections that stay busy, until it is told to stop. */
    function callWithoutPause(): { stop: () => Promise<Called[]>; since: (time: number) => number } {
        const calls: Called[] = [];
        let isOver = false;
        const loops = Array.from({ length: 4 }, async () => {
            while (!isOver) {
                const sent = performance.now();
                calls.push({ sent, status: (await call(cluster, caller, CHANGING)).status });
            }
        });
        return {
            stop: async () => {
                isOver = true;
                await Promise.all(loops);
                return calls;
            },
            since: (time) => calls.filter(({ sent }) => sent > time).length,
        };
    }

    /** The HTTP routes of each of the gateway's pods. */
    async function routes(): Promise<string[]> {
        const pods = await cluster.pods(GATEWAY, "istio=open");
        return Promise.all(
            pods.map(async ({ metadata }) => {
                const pod = { namespace: GATEWAY, name: metadata?.name ?? "", container: "istio-proxy" };
                const dump = await proxyPage(cluster, pod, "config_dump?resource=dynamic_route_configs");
                // Without the times of updates: what is left changes with the routes alone.
                return dump.replaceAll(/"(last_updated|version_info)": "[^"]*"/g, "");
            }),
        );
    }

    /** Changes who may call while calls go on; the statuses of all calls that were sent once both replicas had the change. */
    async function changeWhileBusy(accounts: string[]): Promise<Set<number>> {
        const before = await routes();
        const busy = callWithoutPause();
        try {
            allowed = accounts;
            await stack.up(listening);
            await waitFor("both replicas", CHANGE_SECONDS, async () =>
                (await routes()).every((one, index) => one !== before[index]),
            );
            const changed = performance.now();
            await waitFor("calls after the change", 60, () => Promise.resolve(busy.since(changed) >= 40));
            return new Set((await busy.stop()).filter(({ sent }) => sent > changed).map(({ status }) => status));
        } finally {
            await busy.stop();
        }
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

    it("a new route answers every call over connections that were open before it, and drains none", async () => {
        await openConnections();
        const before = await listeners();
        allowedLater = ["caller"];
        await stack.up(listening);
        await waitFor("the route in both replicas", 30, async () =>
            (await routes()).every((dump) => dump.includes(`"${LATER}"`)),
        );
        await waitFor("200", 30, async () => (await call(cluster, caller, LATER)).status === 200);
        const later = await Promise.all(Array.from({ length: 24 }, () => call(cluster, caller, LATER)));
        assert.deepEqual(new Set(later.map(({ status }) => status)), new Set([200]));
        assert.deepEqual(await listeners(), before);
    });

    it(`a revoked caller gets 403 within ${CHANGE_SECONDS} s, over every connection`, async () => {
        allowed = ["caller", "other"];
        await stack.up(listening);
        await waitFor("the host", 30, async () => (await call(cluster, caller, CHANGING)).status === 200);
        await openConnections();
        allowed = ["other"];
        await stack.up(listening);
        await waitFor("403", CHANGE_SECONDS, async () => (await call(cluster, caller, CHANGING)).status === 403);
        const later: number[] = [];
        for (let round = 0; round < 20; round += 1) {
            later.push((await call(cluster, caller, CHANGING)).status);
        }
        assert.deepEqual(new Set(later), new Set([403]));
    });

    it(`both hold for connections that are busy all the time`, async () => {
        allowed = ["other"];
        await stack.up(listening);
        await waitFor("403", 30, async () => (await call(cluster, caller, CHANGING)).status === 403);
        assert.deepEqual(await changeWhileBusy(["caller", "other"]), new Set([200]));
        assert.deepEqual(await changeWhileBusy(["other"]), new Set([403]));
    });

    it(`a revoked caller of a passthrough route opens no new connection, and loses its open one within ${DRAIN_SECONDS} s`, async () => {
        allowedThrough = ["caller"];
        await stack.up(listening);
        const url = `https://${THROUGH}`;
        const insecure = { options: ["--insecure"] };
        const status = async () => (await request(cluster, caller, url, insecure)).status;
        await waitFor("the passthrough host", 30, async () => (await status()) === 200);
        // A call each second over one connection, until that ends and another is refused.
        const open = cluster.exec(caller, [
            ...["curl", "-sS", "--insecure", "--fail-early", "--rate", "1/s", "-o", "/dev/null"],
            ...["-w", "%{num_connects} %{http_code}\n", `${url}/[1-600]`],
        ]);
        const [pod] = await cluster.pods(PARTNERS, "app=partner");
        const partner = { namespace: PARTNERS, name: pod.metadata?.name ?? "", container: "nginx" };
        const lastCall = async () =>
            Math.max(
                ...[...(await cluster.logs(partner)).matchAll(/GET \/([0-9]+) /g)].map(([, number]) => Number(number)),
            );
        await waitFor("calls over the open connection", 30, async () => (await lastCall()) >= 3);
        allowedThrough = ["other"];
        await stack.up(listening);
        await waitFor("a new connection to be refused", CHANGE_SECONDS, async () => (await status()) === 0);
        const refusedAt = await lastCall();
        const { stdout } = await open;
        const calls = stdout.trim().split("\n");
        assert.match(calls[0], /^1 200$/);
        assert.deepEqual(new Set(calls.slice(1, -1)), new Set(["0 200"]), "all calls went over one connection");
        assert.notEqual(calls[calls.length - 1], "0 200", "the connection was ended, and another refused");
        const later = calls.length - refusedAt;
        assert.ok(later <= DRAIN_SECONDS + 15, `${later} calls over the open connection after the revocation`);
    });
});

interface Called {
    /** Time at which it was sent, in ms of the performance clock. */
    sent: number;
    status: number;
}
