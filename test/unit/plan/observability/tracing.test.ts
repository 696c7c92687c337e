import assert from "node:assert/strict";
import { addonMeshConfig, istiodValues, validateMesh } from "../../../../plan/mesh/mesh";
import { auditProvider } from "../../../../plan/observability/auditLog";
import { TracingOptions, tracingProvider } from "../../../../plan/observability/tracing";
import { explain } from "../../../../plan/shared/violation";

const mesh = {
    namespace: "istio-system",
    trustDomain: "cluster.local",
    charts: { repository: "https://charts.example" },
};
const collector = { service: "otel.monitoring.svc.cluster.local" };

describe("traces", () => {
    it("go to the collector over OTLP, as one of the mesh's providers, with the add-on too", () => {
        const request = { ...mesh, auditLog: {}, tracing: { collector } };
        const expected = { name: "mesh-egress-tracing", opentelemetry: { ...collector, port: 4317 } };
        assert.deepEqual(tracingProvider({ collector }), expected);
        for (const meshConfig of [istiodValues(request)["meshConfig"], addonMeshConfig(request)]) {
            const { extensionProviders } = meshConfig as Record<string, unknown>;
            assert.deepEqual(extensionProviders, [auditProvider({}), expected]);
        }
    });

    it("may also be those of the sidecars, which the mesh's own values decide", () => {
        const values = { meshConfig: { defaultProviders: { tracing: ["mesh-egress-tracing"] } } };
        assert.deepEqual(validateMesh({ ...mesh, tracing: { collector, percent: 0.5 }, values }), []);
    });

    const refused: [what: string, tracing: TracingOptions, version: string | undefined, path: string, text: RegExp][] =
        [
            ["no share", { collector, percent: 0 }, "1.31.0", "tracing.percent", /above 0, up to 100/],
            ["more than all", { collector, percent: 101 }, "1.31.0", "tracing.percent", /101/],
            ["no number", { collector, percent: NaN }, "1.31.0", "tracing.percent", /above 0/],
            ["a URL", { collector: { service: "http://otel" } }, "1.31.0", "tracing.collector.service", /URL/],
            ["Istio that shows partners traces", { collector }, "1.29.2", "tracing", /1\.30 or later/],
        ];
    for (const [what, tracing, version, path, text] of refused) {
        it(`are refused with ${what}`, () => {
            const violations = validateMesh({ ...mesh, version, tracing });
            assert.deepEqual(
                violations.map((one) => one.path),
                [path],
            );
            assert.match(explain(violations[0]), text);
        });
    }

    it("are refused with a revision of the add-on that shows partners traces", () => {
        const request = { ...mesh, charts: {}, namespace: "aks-istio-system", addonSettings: ["revision"] };
        const paths = (revision: string) =>
            validateMesh({ ...request, revision, tracing: { collector } }).map(({ path }) => path);
        assert.deepEqual(paths("asm-1-29"), ["tracing"]);
        assert.deepEqual(paths("asm-1-30"), []);
    });

    it("keep the provider's name for themselves", () => {
        const values = {
            meshConfig: { extensionProviders: [{ name: "mesh-egress-tracing", opentelemetry: collector }] },
        };
        const [violation] = validateMesh({ ...mesh, values });
        assert.match(explain(violation), /is the name of the provider that tracing makes/);
    });
});
