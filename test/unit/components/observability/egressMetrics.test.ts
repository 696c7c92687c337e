import assert from "node:assert/strict";
import { EgressMetrics, EgressMetricsArgs } from "../../../../components";
import { METRIC_RELABELINGS } from "../../../../plan/observability/relabeling";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: EgressMetricsArgs = { gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" } };

interface Monitor {
    apiVersion: string;
    metadata: object;
    spec: {
        labelLimit?: number;
        selector: object;
        podMetricsEndpoints: { interval: string; path: string; metricRelabelings: object[] }[];
    };
}

async function made(args: Partial<EgressMetricsArgs> = {}) {
    const recorder = await record();
    const metrics = await run(recorder, () => new EgressMetrics("metrics", { ...good, ...args }));
    return { recorder, metrics };
}

describe("EgressMetrics", () => {
    it("is a PodMonitor of the gateway's pods, where the Prometheus operator looks", async () => {
        const { recorder } = await made({ labels: { release: "prometheus" } });
        const { apiVersion, metadata, spec } = recorder.named("metrics-monitor").inputs as unknown as Monitor;
        assert.equal(apiVersion, "monitoring.coreos.com/v1");
        assert.deepEqual(metadata, { name: "metrics", namespace: "istio-egress", labels: { release: "prometheus" } });
        assert.deepEqual(spec.selector, { matchLabels: { istio: "egress-gateway" } });
        const [endpoint] = spec.podMetricsEndpoints;
        assert.deepEqual([endpoint.interval, endpoint.path], ["30s", "/stats/prometheus"]);
        assert.deepEqual(endpoint.metricRelabelings, METRIC_RELABELINGS);
        assert.equal(spec.labelLimit, undefined);
    });

    it("is one of Azure's own API, with its limits, for managed Prometheus", async () => {
        const { recorder } = await made({ operator: "azure", intervalSeconds: 60 });
        const { apiVersion, spec } = recorder.named("metrics-monitor").inputs as unknown as Monitor;
        assert.equal(apiVersion, "azmonitoring.coreos.com/v1");
        assert.equal(spec.labelLimit, 63);
        assert.equal(spec.podMetricsEndpoints[0].interval, "60s");
    });

    it("is an entry of a configuration file for a Prometheus without an operator", async () => {
        const { recorder, metrics } = await made({ operator: "none" });
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom).map(({ name }) => name),
            [],
        );
        const entry = JSON.parse(await valueOf(metrics.scrapeConfig)) as Record<string, unknown>;
        assert.equal(entry["job_name"], "istio-egress/egress-gateway");
        assert.equal((entry["metric_relabel_configs"] as object[]).length, METRIC_RELABELINGS.length);
    });

    it("has the dashboard as an output, and as a ConfigMap that Grafana's sidecar finds where it is asked for", async () => {
        const without = await made();
        assert.deepEqual(without.recorder.ofType("kubernetes:core/v1:ConfigMap"), []);
        const { recorder, metrics } = await made({ dashboard: true });
        const { metadata, data } = recorder.named("metrics-dashboard").inputs as Record<
            string,
            Record<string, unknown>
        >;
        assert.deepEqual(metadata.labels, { grafana_dashboard: "1" });
        assert.equal(data["egress-gateway.json"], await valueOf(metrics.dashboard));
    });

    it("refuses what is no interval", async () => {
        for (const intervalSeconds of [0, 301, 1.5]) {
            const refused = refusedPaths(() => new EgressMetrics("metrics", { ...good, intervalSeconds }));
            assert.deepEqual(await refused, ["intervalSeconds"]);
        }
    });
});
