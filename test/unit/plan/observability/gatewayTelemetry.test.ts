import assert from "node:assert/strict";
import { gatewayTelemetry } from "../../../../plan/observability/gatewayTelemetry";

const gateway = { name: "egress", namespace: "istio-egress" };

describe("the telemetry of a gateway", () => {
    it("writes the audit log where the mesh knows it, for the gateway's pods alone", () => {
        assert.deepEqual(gatewayTelemetry(gateway, { auditLog: true }), {
            apiVersion: "telemetry.istio.io/v1",
            kind: "Telemetry",
            metadata: { name: "egress.telemetry", namespace: "istio-egress" },
            spec: {
                selector: { matchLabels: { istio: "egress" } },
                accessLogging: [{ providers: [{ name: "mesh-egress-audit" }] }],
            },
        });
    });

    it("names the mesh's access log elsewhere, so that it logs even where sidecars do not", () => {
        const { spec } = gatewayTelemetry(gateway, { auditLog: false });
        assert.deepEqual(spec["accessLogging"], [{ providers: [{ name: "envoy" }] }]);
    });
});
