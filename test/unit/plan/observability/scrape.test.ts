import assert from "node:assert/strict";
import fc from "fast-check";
import { MetricsOperator, podMonitor } from "../../../../plan/observability/scrape";

/*
 * The parts of both CRDs that a PodMonitor of this package uses, with the type of each field:
 * example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml of prometheus-operator/prometheus-operator, and
 * otelcollector/deploy/addon-chart/azure-monitor-metrics-addon/templates/ama-metrics-podmonitor-crd.yaml of Azure/prometheus-collector.
 */
const DURATION = /^(\d+[ywdhms])+$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const RELABELING: Shape = {
    sourceLabels: [LABEL],
    regex: /^/,
    targetLabel: /^/,
    replacement: /^/,
    action: /^(replace|keep|drop|hashmod|labelmap|labeldrop|labelkeep|lowercase|uppercase|keepequal|dropequal)$/,
};
const SPEC: Shape = {
    labelLimit: Number,
    labelNameLengthLimit: Number,
    labelValueLengthLimit: Number,
    selector: { matchLabels: { istio: /^/ } },
    namespaceSelector: { matchNames: [/^/] },
    podMetricsEndpoints: [
        { port: /^/, path: /^/, interval: DURATION, relabelings: [RELABELING], metricRelabelings: [RELABELING] },
    ],
};

type Shape = RegExp | NumberConstructor | Shape[] | { [field: string]: Shape };

function assertShape(value: unknown, shape: Shape, path: string): void {
    if (shape instanceof RegExp) {
        assert.match(value as string, shape, path);
    } else if (shape === Number) {
        assert.ok(Number.isInteger(value), path);
    } else if (Array.isArray(shape)) {
        assert.ok(Array.isArray(value), path);
        value.forEach((one, index) => assertShape(one, shape[0], `${path}[${index}]`));
    } else {
        for (const [field, own] of Object.entries(value as object)) {
            assert.ok(Object.hasOwn(shape, field), `${path}.${field} is not a field of the CRD`);
            assertShape(own, (shape as Record<string, Shape>)[field], `${path}.${field}`);
        }
    }
}

describe("a PodMonitor", () => {
    const operators = [MetricsOperator.Prometheus, MetricsOperator.Azure] as const;

    for (const operator of operators) {
        it(`has fields and values of the CRD alone, for ${operator}`, () => {
            fc.assert(
                fc.property(fc.integer({ min: 1, max: 300 }), (intervalSeconds) => {
                    const gateway = { name: "egress", namespace: "istio-egress" };
                    const { spec } = podMonitor({ name: "m", gateway, operator, labels: {}, intervalSeconds });
                    assertShape(spec, SPEC, "spec");
                    assert.ok(spec.selector && spec.podMetricsEndpoints.length > 0, "what the CRD requires");
                }),
            );
        });
    }
});
