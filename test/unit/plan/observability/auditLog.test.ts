import assert from "node:assert/strict";
import fc from "fast-check";
import { istiodValues, addonMeshConfig, validateMesh } from "../../../../plan/mesh/mesh";
import { AUDIT_FIELDS } from "../../../../plan/observability/auditFields";
import { AuditLogOptions, auditProvider, validateAuditLog } from "../../../../plan/observability/auditLog";
import { explain } from "../../../../plan/shared/violation";

const mesh = {
    namespace: "istio-system",
    trustDomain: "cluster.local",
    charts: { repository: "https://charts.example" },
};
const collector = { service: "otel.monitoring.svc.cluster.local" };

function labels(options: AuditLogOptions): Record<string, string> {
    const provider = auditProvider(options);
    return (provider.envoyFileAccessLog ?? provider.envoyOtelAls).logFormat.labels;
}

describe("the audit log", () => {
    it("says who called what with which certificate, in one line of JSON on standard output", () => {
        assert.deepEqual(auditProvider({}), {
            name: "mesh-egress-audit",
            envoyFileAccessLog: { path: "/dev/stdout", logFormat: { labels: { ...AUDIT_FIELDS } } },
        });
        assert.equal(labels({}).caller, "%DOWNSTREAM_PEER_URI_SAN%");
    });

    it("has the fields that were asked for, and no others", () => {
        const fields = fc.uniqueArray(fc.constantFrom(...Object.keys(AUDIT_FIELDS)), { minLength: 1 });
        fc.assert(
            fc.property(fields, fc.boolean(), (chosen, query) => {
                assert.deepEqual(validateAuditLog("auditLog", { fields: chosen, query }), []);
                assert.deepEqual(Object.keys(labels({ fields: chosen, query })), chosen);
            }),
        );
    });

    it("reads no header but those of HTTP's first line, of Envoy's own and the request's id", () => {
        const headers = Object.values(AUDIT_FIELDS).flatMap((operator) =>
            [...operator.matchAll(/%(?:REQ|RESP|TRAILER|REQ_WITHOUT_QUERY)\(([^)]*)\)/g)].map(([, name]) => name),
        );
        assert.deepEqual(headers.sort(), [
            ":AUTHORITY",
            ":METHOD",
            "X-ENVOY-ORIGINAL-PATH?:PATH",
            "X-ENVOY-UPSTREAM-SERVICE-TIME",
            "X-REQUEST-ID",
        ]);
        assert.doesNotMatch(
            JSON.stringify(AUDIT_FIELDS),
            /METADATA|FILTER_STATE|ENVIRONMENT|PEER_CERT%|QUERY_PARAM|request\./,
        );
    });

    it("removes queries from the path unless they are asked for", () => {
        assert.match(labels({}).path, /^%REQ_WITHOUT_QUERY\(/);
        assert.match(labels({ query: true }).path, /^%REQ\(/);
    });

    it("goes to a collector without Istio's own line, which has the query", () => {
        const options = { destination: "openTelemetry", collector } as const;
        assert.deepEqual(validateAuditLog("auditLog", options), []);
        assert.deepEqual(auditProvider({ ...options, fields: ["caller"] }), {
            name: "mesh-egress-audit",
            envoyOtelAls: {
                ...collector,
                port: 4317,
                logName: "mesh-egress-audit",
                logFormat: { text: "%START_TIME%", labels: { caller: "%DOWNSTREAM_PEER_URI_SAN%" } },
            },
        });
    });

    for (const field of ["authorization", "%REQ(AUTHORIZATION)%", "cookie", "toString", "__proto__", ""]) {
        it(`refuses the field ${JSON.stringify(field)}`, () => {
            const [violation, ...others] = validateAuditLog("auditLog", { fields: ["time", field] });
            assert.deepEqual(others, []);
            assert.equal(violation.path, "auditLog.fields[1]");
            assert.match(
                explain(violation),
                /is not a field of the audit log; expected each field once, from time, requestId/,
            );
        });
    }

    const refused: [what: string, options: AuditLogOptions, path: string, message: RegExp][] = [
        ["a field twice", { fields: ["time", "time"] }, "fields[1]", /is a duplicate/],
        ["no field", { fields: [] }, "fields", /is empty, so lines would be empty/],
        ["a collector that is not used", { collector }, "collector", /has no effect unless destination/],
        [
            "no collector",
            { destination: "openTelemetry" },
            "collector",
            /is missing, so the lines would have no destination/,
        ],
        [
            "a collector's URL",
            { destination: "openTelemetry", collector: { service: "http://otel.example" } },
            "collector.service",
            /is a URL or a path/,
        ],
        [
            "no port",
            { destination: "openTelemetry", collector: { ...collector, port: 0 } },
            "collector.port",
            /is not a port number/,
        ],
    ];
    for (const [what, options, path, message] of refused) {
        it(`refuses ${what}`, () => {
            const violations = validateAuditLog("auditLog", options);
            assert.deepEqual(
                violations.map((one) => one.path),
                [`auditLog.${path}`],
            );
            assert.match(explain(violations[0]), message);
        });
    }

    it("is one of the mesh's providers, after the author's own, with the add-on too", () => {
        const own = { name: "own", envoyOtelAls: { service: "collector.example", port: 4317 } };
        const values = { meshConfig: { extensionProviders: [own] } };
        const of = (auditLog?: AuditLogOptions) => {
            const request = { ...mesh, values, auditLog };
            const { extensionProviders } = istiodValues(request)["meshConfig"] as Record<string, unknown>;
            assert.deepEqual(addonMeshConfig(request)["extensionProviders"], extensionProviders);
            return extensionProviders;
        };
        assert.deepEqual(of(), [own]);
        assert.deepEqual(of({}), [own, auditProvider({})]);
        assert.deepEqual(
            validateMesh({ ...mesh, auditLog: { fields: ["x"] }, sidecarLogPercent: 101 }).map(({ path }) => path),
            ["auditLog.fields[0]", "sidecarLogPercent"],
        );
    });

    it("keeps its name for itself", () => {
        const values = { meshConfig: { extensionProviders: [{ name: "mesh-egress-audit", envoyFileAccessLog: {} }] } };
        const [violation] = validateMesh({ ...mesh, values });
        assert.equal(violation.path, "values.meshConfig.extensionProviders[0].name");
        assert.match(explain(violation), /is the name of the provider that auditLog makes/);
    });
});
