import assert from "node:assert/strict";
import { gatewayTelemetry } from "../../../../plan/observability/gatewayTelemetry";

const gateway = { name: "egress", namespace: "istio-egress" };

describe("the telemetry of a gateway", () => {
    it("writes the audit log where the mesh knows it, for the gateway's pods alone", () => {
        assert.deepEqual(gatewayTelemetry(gateway, { auditLog: true, tracingPercent: 0, istioVersion: "" }), {
            apiVersion: "telemetry.istio.io/v1",
            kind: "Telemetry",
            metadata: { name: "egress.telemetry", namespace: "istio-egress" },
            spec: {
                selector: { matchLabels: { istio: "egress" } },
                accessLogging: [{ providers: [{ name: "mesh-egress-audit" }] }],
            },
        });
    });

    const tracing = (tracingPercent: number, istioVersion: string) =>
        gatewayTelemetry(gateway, { auditLog: false, tracingPercent, istioVersion }).spec["tracing"];

    it("traces a share of the calls, and tells no partner of it", () => {
        const providers = [{ name: "mesh-egress-tracing" }];
        assert.deepEqual(tracing(5, ""), [{ providers, randomSamplingPercentage: 5, disableContextPropagation: true }]);
    });

    for (const version of ["1.30.0", "1.31.2", "v1.31.0", "asm-1-30", "2.0.0"]) {
        it(`keeps from partners what the mesh traces by default, with Istio ${version}`, () => {
            assert.deepEqual(tracing(0, version), [{ disableContextPropagation: true }]);
        });
    }

    for (const version of ["", "1.29.4", "asm-1-29", "canary"]) {
        it(`says nothing that Istio could refuse, with version ${JSON.stringify(version)}`, () => {
            assert.equal(tracing(0, version), undefined);
        });
    }

    it("names the mesh's access log elsewhere, so that it logs even where sidecars do not", () => {
        const { spec } = gatewayTelemetry(gateway, { auditLog: false, tracingPercent: 0, istioVersion: "" });
        assert.deepEqual(spec["accessLogging"], [{ providers: [{ name: "envoy" }] }]);
    });
});
