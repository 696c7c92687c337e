import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call, request } from "../../lab/proof/http";
import { proxyPage, rejectedUpdates } from "../../lab/proof/proxy";
import { AUDIT_FIELDS } from "../../plan/observability/auditFields";
import { auditProvider } from "../../plan/observability/auditLog";
import { dashboard } from "../../plan/observability/dashboard";
import { egressAlerts } from "../../plan/observability/egressAlerts";
import { queries } from "../../plan/observability/queries";
import {
    METRICS_PATH,
    METRICS_PORT,
    METRIC_RELABELINGS,
    inConfigurationFile,
} from "../../plan/observability/relabeling";
import { sidecarLogs } from "../../plan/observability/sidecarLogs";
import { issue, keyPem } from "../support/certificates";
import { drawDashboard } from "../support/dashboardPicture";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { machine } from "../support/machine";
import { extendMesh } from "../support/meshConfig";
import { PARTNER, startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import { startPrometheus } from "../support/prometheus";
import { Prometheus } from "../support/runPrometheus";
import {
    APPS,
    CALLER,
    CREDENTIAL,
    GATEWAY,
    MISNAMED,
    MUTUAL,
    OBSERVED,
    PARTNERS,
    STRANGER,
    TLS,
    observabilityProgram,
} from "./observability.program";

const HOUR = 3_600_000;
type Line = Record<string, unknown>;
/** Values of the dashboard's variables. */
const VARIABLES = { $__rate_interval: "30s", $namespace: GATEWAY, $host: ".*" };

describe("what a gateway tells about its calls, on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let gateway: PodRef;
    let caller: PodRef;
    let stranger: PodRef;
    let restoreMesh: () => Promise<void>;

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const valid = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) };
        const ca = await issue({ subject: "CN=observed CA", ca: true, ...valid });
        const server = await issue({
            subject: "CN=observed partner",
            issuer: ca,
            hosts: [MUTUAL, TLS],
            usage: "server",
            ...valid,
        });
        const client = await issue({ subject: "CN=observed client", issuer: ca, ...valid });
        const { engine, plugins, local } = environment;
        const image = local.settings.nginxImage ?? "nginx:1.29";
        await startPartner(
            cluster,
            PARTNERS,
            image,
            [{ hosts: [MUTUAL, TLS, MISNAMED], certificate: server }],
            ca.certificate,
        );
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        // The environment's mesh is everybody's: it learns the provider for as long as these tests run.
        restoreMesh = await extendMesh(cluster, { extensionProviders: [auditProvider({})] });
        const program = observabilityProgram(local, {
            certificate: client.certificate,
            privateKey: keyPem(client.key),
            serverCa: ca.certificate,
        });
        stack = await openProofStack(engine, plugins, local, "observability", program);
        await stack.up({ refresh: true, ...listening });
        [gateway, caller, stranger] = await Promise.all([
            cluster.readyPod(GATEWAY, `istio=${OBSERVED}`, "istio-proxy"),
            startCaller(cluster, APPS, CALLER, local.settings.curlImage, { serviceAccount: CALLER }),
            startCaller(cluster, APPS, STRANGER, local.settings.curlImage, { serviceAccount: STRANGER }),
        ]);
        await waitFor("the partner's answer", 60, async () => (await call(cluster, caller, MUTUAL)).status === 200);
    });

    after(async () => {
        if (stack === undefined) {
            return;
        }
        await stack.destroy(listening);
        await restoreMesh();
        for (const name of [APPS, PARTNERS]) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** The line of the audit log that `belongs` to a call. */
    async function line(what: string, belongs: (line: Line) => boolean): Promise<Line> {
        return waitFor(`the line about ${what}`, 30, async () =>
            (await cluster.logs(gateway))
                .split("\n")
                .filter((text) => text.startsWith("{") && text.includes('"caller"'))
                .map((text) => JSON.parse(text) as Line)
                .find(belongs),
        );
    }

    const from = (account: string) => `spiffe://cluster.local/ns/${APPS}/sa/${account}`;

    it("logs who called whom with which certificate, without query and secrets", async () => {
        const { status } = await request(cluster, caller, `http://${MUTUAL}/audited`, {
            options: [
                ...["-H", "Authorization: Bearer hidden-token", "-H", "Cookie: session=hidden-cookie"],
                ...["-H", "X-Api-Key: hidden-key", "-H", "x-request-id: hidden-id"],
                ...["--url-query", "token=hidden-query"],
            ],
        });
        assert.equal(status, 200);
        const logged = await line("the call", ({ path }) => path === "/audited/");
        assert.deepEqual(Object.keys(logged).sort(), Object.keys(AUDIT_FIELDS).sort());
        const { caller: who, host, method, route, serverSubject, credentialSubject } = logged;
        assert.deepEqual(
            { who, host, method, status: logged.status, route, serverSubject, credentialSubject },
            {
                who: from(CALLER),
                host: MUTUAL,
                method: "GET",
                status: 200,
                route: `to-mutual-observed-example.${CREDENTIAL}`,
                serverSubject: "CN=observed partner",
                credentialSubject: "CN=observed client",
            },
        );
        assert.match(String(logged.tlsVersion), /^TLSv1\.[23]$/);
        // The gateway gives each call an id of its own, which no caller chooses.
        assert.match(String(logged.requestId), /^[0-9a-f-]{36}$/);
        assert.equal(logged.serverNames, `${MUTUAL},${TLS}`);
        assert.ok(Date.parse(logged.serverExpiry as string) > Date.now(), String(logged.serverExpiry));
        assert.match(String(logged.address), new RegExp(`:${PARTNER.mutual}$`));
        assert.doesNotMatch(await cluster.logs(gateway), /hidden-/);
    });

    it("leaves the partner without the trace that a call belongs to", async () => {
        const trace = "0af7651916cd43dd8448eb211c80319c";
        const { status, body } = await request(cluster, caller, `http://${MUTUAL}`, {
            options: ["-H", `traceparent: 00-${trace}-b7ad6b7169203331-01`, "-H", `x-b3-traceid: ${trace}`],
        });
        assert.equal(status, 200);
        assert.match(body, /traceparent= b3=$/m);
    });

    it("logs who was refused", async () => {
        const { status } = await request(cluster, stranger, `http://${MUTUAL}/refused`);
        assert.equal(status, 403);
        const logged = await line("the refused call", ({ path }) => path === "/refused/");
        assert.deepEqual([logged.caller, logged.host, logged.status], [from(STRANGER), MUTUAL, 403]);
    });

    it("logs why a server was not taken", async () => {
        await request(cluster, caller, `http://${MISNAMED}/misnamed`);
        const logged = await line("the failed call", ({ path }) => path === "/misnamed/");
        assert.match(String(logged.failure), /CERTIFICATE_VERIFY_FAILED/);
        assert.equal(logged.status, 503);
    });

    it("logs a passthrough call with its caller", async () => {
        await request(cluster, caller, `https://${TLS}`, { options: ["--insecure"] });
        const logged = await line("the passthrough call", ({ serverName }) => serverName === TLS);
        assert.equal(logged.caller, from(CALLER));
        assert.ok(Number(logged.bytesSent) > 0);
    });

    describe("to a Prometheus that reads its metrics", function () {
        let prometheus: Prometheus;
        let stopCalls = false;
        let calls: Promise<void>;

        before(async function () {
            const read = async () =>
                (await cluster.exec(gateway, ["curl", "-s", `http://127.0.0.1:${METRICS_PORT}${METRICS_PATH}`])).stdout;
            prometheus = await startPrometheus(this, {
                read,
                labels: { namespace: GATEWAY, pod: gateway.name },
                metricRelabelings: METRIC_RELABELINGS.map(inConfigurationFile),
            });
            // Rates need calls while they are read: those that work, are refused, and fail.
            calls = (async () => {
                while (!stopCalls) {
                    await call(cluster, caller, MUTUAL);
                    await call(cluster, stranger, MUTUAL);
                    await call(cluster, caller, MISNAMED);
                }
            })();
        });

        after(async () => {
            stopCalls = true;
            await calls;
            await prometheus?.stop();
        });

        const answer = (expression: string) =>
            waitFor(expression, 60, async () => {
                const samples = await prometheus.query(expression);
                return samples.length > 0 && samples;
            });

        it("counts the call that no route allowed", async () => {
            await answer(`sum(envoy_http_rq_direct_response{namespace="${GATEWAY}"}) > 0`);
        });

        it("has data in each panel of the dashboard, for each of its queries", async () => {
            const { panels } = dashboard({ name: OBSERVED, namespace: GATEWAY });
            const expressions = panels.flatMap((panel) => ("targets" in panel ? panel.targets : []));
            assert.ok(expressions.length > 15);
            for (const { expr } of expressions) {
                const ask = Object.entries(VARIABLES).reduce((text, [from, to]) => text.replaceAll(from, to), expr);
                assert.ok((await answer(ask)).length > 0, ask);
            }
        });

        // npm run docs:dashboard
        it("makes a picture of the dashboard, where one is asked for", async function () {
            const file = process.env.DASHBOARD_PICTURE;
            if (file === undefined) {
                return;
            }
            await waitFor(
                "three minutes of data",
                240,
                async () => (await prometheus.query("up offset 3m")).length > 0,
            );
            const chromium = (await machine.tool(this, "chromium")).path;
            await drawDashboard(dashboard({ name: OBSERVED, namespace: GATEWAY }), prometheus, VARIABLES, {
                chromium,
                file,
            });
        });

        it("tells calls and failures by host and caller, and the reason of the failures", async () => {
            const where = `namespace="${GATEWAY}"`;
            const byCaller = await answer(`${queries.callsByCaller(where, "30s")} > 0`);
            assert.deepEqual([...new Set(byCaller.map(({ metric }) => metric.egress_caller))], [`${APPS}/${CALLER}`]);
            const failing = await answer(`${queries.failures(where, "30s")} > 0`);
            assert.deepEqual(
                failing.map(({ metric }) => metric.egress_host),
                [MISNAMED],
            );
            const reason = await answer(`${queries.reason("ssl_fail_verify_san", where, "30s")} > 0`);
            assert.deepEqual(
                reason.map(({ metric }) => metric.egress_host),
                [MISNAMED],
            );
        });

        it("has what the alerts ask for", async () => {
            const options = { name: "a", namespace: "m", labels: {}, gatewayNamespace: GATEWAY };
            const numbersOf = { objective: 99.9, leastFailures: 1, quietHours: 2, warningHours: 720, lastHours: 168 };
            const { spec } = egressAlerts({ ...options, ...numbersOf });
            const ratio = spec.groups[0].rules[0].expr.replaceAll(/\[\d+[mhd]\]/g, "[30s]");
            const failed = await answer(`${ratio} == 1`);
            assert.deepEqual(
                failed.map(({ metric }) => metric.egress_host),
                [MISNAMED],
            );
            const metrics = spec.groups
                .slice(1)
                .flatMap(({ rules }) =>
                    rules.flatMap(({ expr }) => expr.match(/(?:envoy|istio_agent)_\w+(?=\{)/g) ?? []),
                );
            for (const metric of new Set(metrics)) {
                assert.ok((await answer(metric)).length > 0, metric);
            }
        });

        it("has the declared hosts alone, whatever hosts and paths a caller makes up", async () => {
            for (const made of ["made-up-1.example", "made-up-2.example"]) {
                await request(cluster, caller, `http://${MUTUAL}/${made}`, { options: ["-H", `Host: ${made}`] });
            }
            const labels = await prometheus.query(`{namespace="${GATEWAY}"}`);
            assert.ok(labels.length > 0);
            assert.ok(labels.every(({ metric }) => !JSON.stringify(metric).includes("made-up")));
            const hosts = new Set(labels.flatMap(({ metric }) => metric.egress_host ?? []));
            assert.deepEqual([...hosts].sort(), [MISNAMED, MUTUAL, TLS]);
        });
    });

    describe("the caller's own sidecar", () => {
        const sidecar = () => ({ ...caller, container: "istio-proxy" });
        const log = () => cluster.logs(sidecar());

        /** What the caller's sidecar logs of calls to port 80, as its configuration says it. */
        async function callLogs(): Promise<string> {
            const dump = await proxyPage(cluster, sidecar(), "config_dump?resource=dynamic_listeners");
            const { configs } = JSON.parse(dump) as { configs: { name: string; active_state: ActiveListener }[] };
            const chains = configs.find(({ name }) => name === "0.0.0.0_80")?.active_state.listener.filter_chains ?? [];
            return JSON.stringify(
                chains.flatMap(({ filters }) => filters.map(({ typed_config }) => typed_config.access_log ?? [])),
            );
        }

        /** Has the sidecars log that share of their calls, and waits until the caller's does. */
        async function logPercent(percent: number, isThere: (logs: string) => boolean): Promise<void> {
            const [current, next] = [sidecarLogs("istio-system", 1), sidecarLogs("istio-system", percent)];
            await (next
                ? cluster.apply(next as unknown as AnyObject)
                : cluster.remove(current as unknown as AnyObject));
            await waitFor(`${percent} % of calls to be logged`, 30, async () => isThere(await callLogs()));
        }

        const marked = async (path: string) => {
            await request(cluster, caller, `http://${MUTUAL}/${path}`);
        };

        after(() => logPercent(100, (logs) => !logs.includes("request.id")));

        it("logs failed calls and a share of the others, with sidecarLogPercent 50", async () => {
            await logPercent(50, (logs) => logs.includes("request.id < '8000'"));
            for (let index = 0; index < 40; index += 1) {
                await marked(`sampled-${index}`);
            }
            await request(cluster, caller, `http://${MISNAMED}/failed`);
            // Envoy writes its lines in their order: those of the calls before are there too.
            await waitFor("the failed call's line", 30, async () => (await log()).includes("/failed/"));
            const sampled = (await log()).match(/sampled-[0-9]+/g) ?? [];
            assert.ok(sampled.length > 0 && sampled.length < 40, `${sampled.length} of 40 were logged`);
        });

        it("logs nothing with sidecarLogPercent 0, and all calls with 100", async () => {
            await logPercent(0, (logs) => !logs.includes("/dev/stdout"));
            await marked("unlogged");
            await request(cluster, caller, `http://${MISNAMED}/unlogged`);
            await logPercent(100, (logs) => logs.includes("/dev/stdout"));
            await marked("logged");
            await waitFor("the line of a call that is logged", 30, async () => (await log()).includes("/logged/"));
            assert.ok(!(await log()).includes("/unlogged/"));
        });
    });

    it("is taken by the proxy as a whole", async () => {
        assert.deepEqual(await rejectedUpdates(cluster, gateway), []);
    });
});

interface ActiveListener {
    listener: { filter_chains?: { filters: { typed_config: { access_log?: object[] } }[] }[] };
}
