import assert from "node:assert/strict";
import fc from "fast-check";
import { sidecarLogs, validateSidecarLogs } from "../../../../plan/observability/sidecarLogs";

function accessLogging(percent?: number) {
    const object = sidecarLogs("istio-system", percent);
    return object && (object.spec["accessLogging"] as Record<string, unknown>[])[0];
}

describe("the logs of sidecars", () => {
    it("are the mesh's, without an object, where all calls are logged", () => {
        assert.equal(sidecarLogs("istio-system"), undefined);
        assert.equal(sidecarLogs("istio-system", 100), undefined);
    });

    it("are off for the whole mesh at 0", () => {
        assert.deepEqual(sidecarLogs("istio-system", 0), {
            apiVersion: "telemetry.istio.io/v1",
            kind: "Telemetry",
            metadata: { name: "mesh-egress-sidecar-logs", namespace: "istio-system" },
            spec: { accessLogging: [{ providers: [{ name: "envoy" }], disabled: true }] },
        });
    });

    it("have failed calls and that share of request ids", () => {
        assert.deepEqual(accessLogging(10), {
            providers: [{ name: "envoy" }],
            filter: { expression: "response.code >= 400 || response.flags != 0 || request.id < '199a'" },
        });
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 99 }), (percent) => {
                const { expression } = accessLogging(percent)?.["filter"] as { expression: string };
                const [, limit] = /'([0-9a-f]{4})'$/.exec(expression) ?? [];
                assert.ok(Math.abs((parseInt(limit, 16) / 0x10000) * 100 - percent) < 0.01);
            }),
        );
    });

    for (const percent of [-1, 101, 0.5, NaN]) {
        it(`refuse ${percent} as a share`, () => {
            assert.deepEqual(
                validateSidecarLogs("sidecarLogPercent", percent).map(({ path }) => path),
                ["sidecarLogPercent"],
            );
        });
    }
});
