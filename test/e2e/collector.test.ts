import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { Answer, call, request } from "../../lab/proof/http";
import { rejectedUpdates } from "../../lab/proof/proxy";
import { AUDIT_FIELDS } from "../../plan/observability/auditFields";
import { auditProvider } from "../../plan/observability/auditLog";
import { tracingProvider } from "../../plan/observability/tracing";
import { issue } from "../support/certificates";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { extendMesh } from "../support/meshConfig";
import { Collector, Told, startCollector } from "../support/otelCollector";
import { startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import { APPS, GATEWAY, HOST, PARTNERS, TRACED, collectorProgram } from "./collector.program";

const DAY = 86_400_000;
const COLLECTORS = "traced-collector";
const TRACE = "0af7651916cd43dd8448eb211c80319c";

describe("a gateway that tells an OpenTelemetry collector of its calls, on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let gateway: PodRef;
    let caller: PodRef;
    let collector: Collector;
    let restoreMesh: () => Promise<void>;

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const { engine, plugins, local } = environment;
        collector = await startCollector(this, cluster, COLLECTORS, local.settings.curlImage);
        const valid = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
        const ca = await issue({ subject: "CN=traced CA", ca: true, ...valid });
        const server = await issue({ subject: "CN=partner", issuer: ca, hosts: [HOST], usage: "server", ...valid });
        const image = local.settings.nginxImage ?? "nginx:1.29";
        await startPartner(cluster, PARTNERS, image, [{ hosts: [HOST], certificate: server }], ca.certificate);
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        const { address } = collector;
        restoreMesh = await extendMesh(cluster, {
            extensionProviders: [
                auditProvider({ destination: "openTelemetry", collector: address }),
                tracingProvider({ collector: address }),
            ],
        });
        stack = await openProofStack(engine, plugins, local, "collector", collectorProgram(local));
        await stack.up({ refresh: true, ...listening });
        [gateway, caller] = await Promise.all([
            cluster.readyPod(GATEWAY, `istio=${TRACED}`, "istio-proxy"),
            startCaller(cluster, APPS, "caller", local.settings.curlImage),
        ]);
        await waitFor("the partner's answer", 60, async () => (await call(cluster, caller, HOST)).status === 200);
    });

    after(async () => {
        await stack?.destroy(listening);
        await restoreMesh?.();
        for (const name of cluster ? [APPS, PARTNERS, COLLECTORS] : []) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    function told(what: string, belongs: (told: Told) => boolean): Promise<Told> {
        return waitFor(what, 30, async () => (await collector.told()).find(belongs));
    }

    it("sends the audit log's fields as attributes of a log record, without query and secrets", async () => {
        const { status, mark } = await request(cluster, caller, `http://${HOST}/audited`, {
            options: ["-H", "Authorization: Bearer hidden-token", "-H", "Cookie: session=hidden-cookie"],
        });
        assert.equal(status, 200);
        const { text, attributes } = await told(
            "the log record",
            (one) => one.kind === "log" && one.attributes["path"] === "/audited/",
        );
        assert.deepEqual(
            Object.keys(AUDIT_FIELDS).filter((field) => !(field in attributes)),
            [],
        );
        assert.equal(attributes["caller"], `spiffe://cluster.local/ns/${APPS}/sa/default`);
        assert.deepEqual([attributes["host"], attributes["method"], attributes["status"]], [HOST, "GET", "200"]);
        assert.doesNotMatch(text, new RegExp(`hidden-|${mark}`));
    });

    it("sends a span of each call, which goes on with the caller's trace", async () => {
        const { status } = await traced("/traced");
        assert.equal(status, 200);
        const span = await told("the span", ({ kind, text }) => kind === "span" && text.includes("/traced/"));
        assert.match(span.text, new RegExp(`^ +Trace ID +: ${TRACE}$`, "m"));
    });

    it("tells the partner nothing of the trace", async () => {
        const { body } = await traced("/untold");
        assert.match(body, /traceparent= b3=$/m);
    });

    it("is taken by the proxy as a whole", async () => {
        assert.deepEqual(await rejectedUpdates(cluster, gateway), []);
    });

    function traced(path: string): Promise<Answer> {
        const header = `traceparent: 00-${TRACE}-b7ad6b7169203331-01`;
        return request(cluster, caller, `http://${HOST}${path}`, { options: ["-H", header] });
    }
});
