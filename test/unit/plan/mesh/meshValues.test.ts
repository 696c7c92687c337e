import assert from "node:assert/strict";
import fc from "fast-check";
import { FREE_VALUES, FreeValues, VALUE_TYPES } from "../../../../plan/mesh/freeValues";
import { HelmValues } from "../../../../plan/mesh/helmValues";
import { ResolvedMesh, istiodValues, validateMesh } from "../../../../plan/mesh/mesh";

const mesh: ResolvedMesh = {
    namespace: "istio-system",
    trustDomain: "cluster.local",
    charts: { repository: "https://charts.example" },
};

function nested(path: string, value: unknown): HelmValues {
    return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as HelmValues;
}

function paths(values: HelmValues): string[] {
    return validateMesh({ ...mesh, values }).map(({ path }) => path);
}

/** Paths of all free values with the type of each. */
function leaves(free: FreeValues, type: string, path: string[] = []): [path: string, type: string][] {
    return Object.entries(free).flatMap(([key, inner]): [string, string][] => {
        const own = /^\{(.+)\}$/.exec(type)?.[1] ?? VALUE_TYPES[type]?.[key];
        assert.ok(own, `${[...path, key].join(".")} has no type`);
        return inner === true ? [[[...path, key].join("."), own]] : leaves(inner, own, [...path, key]);
    });
}

describe("values of the istiod chart", () => {
    it("of every free kind have a type, and nothing of another type is taken", () => {
        const never = Symbol("never");
        for (const [path, type] of leaves(FREE_VALUES, "Values")) {
            assert.deepEqual(paths(nested(path, [never])).length > 0, true, `${path}: ${type}`);
            assert.deepEqual(paths(nested(path, null)), [`values.${path}`], `${path}: ${type}`);
        }
    });

    it("take what a mesh is sized and observed with", () => {
        const values = {
            autoscaleMin: 2,
            resources: { requests: { cpu: "200m" } },
            pilot: { env: { PILOT_DEBOUNCE_AFTER: "200ms" } },
            nodeSelector: { pool: "system" },
            global: {
                hub: "mirror.example/istio",
                proxy: { resources: {}, logLevel: "warning" },
                imagePullSecrets: ["pull"],
            },
            meshConfig: {
                connectTimeout: "5s",
                defaultConfig: { holdApplicationUntilProxyStarts: true, concurrency: 2, tracing: { sampling: 1.5 } },
                extensionProviders: [
                    { name: "traces", opentelemetry: { service: "otel.observability.svc", port: 4317 } },
                ],
                defaultProviders: { tracing: ["traces"] },
            },
        };
        assert.deepEqual(validateMesh({ ...mesh, values }), []);
    });

    it("that istiod could not read are refused: it would start with its defaults", () => {
        const cases: [path: string, value: unknown][] = [
            ["meshConfig.connectTimeout", 10],
            ["meshConfig.connectTimeout", "10"],
            ["meshConfig.connectTimeout", "1h"],
            ["meshConfig.connectTimeout", "0s"],
            ["meshConfig.connectTimeout", "0.0001s"],
            ["meshConfig.h2UpgradePolicy", "upgrade"],
            ["meshConfig.enableTracing", "true"],
            ["meshConfig.defaultConfig.concurrency", "2"],
            ["meshConfig.defaultConfig.tracing.sampling", "all"],
            ["meshConfig.tcpKeepalive", { time: 10 }],
            ["meshConfig.extensionProviders", { name: "x" }],
            ["meshConfig.extensionProviders", [{ name: "x", zipkin: {}, datadog: {} }]],
            ["meshConfig.extensionProviders", [{ name: "x", zipkinn: {} }]],
        ];
        for (const [path, value] of cases) {
            const [violation] = validateMesh({ ...mesh, values: nested(path, value) });
            assert.ok(violation?.path.startsWith(`values.${path}`), `${path}: ${JSON.stringify(value)}`);
        }
    });

    it("that undo a promise are refused, in every place and spelling", () => {
        const cases: [path: string, value: unknown][] = [
            ["global.proxy.excludeIPRanges", "0.0.0.0/0"],
            ["global.proxy.excludeOutboundPorts", "443"],
            ["global.proxy.includeIPRanges", "10.0.0.0/8"],
            ["global.proxy.autoInject", "disabled"],
            ["global.proxy.privileged", true],
            ["global.proxy.lifecycle", {}],
            ["pilot.env.PILOT_ENABLE_IP_AUTOALLOCATE", "false"],
            ["env.PILOT_ENABLE_IP_AUTOALLOCATE", false],
            ["pilot.env.BLOCKED_CIDRS_IN_JWKS_URIS", ""],
            ["env.ENABLE_DEBUG_ENDPOINT_AUTH", "false"],
            ["pilot.env.DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES", "payments"],
            ["pilot.meshConfig.outboundTrafficPolicy.mode", "ALLOW_ANY"],
            ["pilot.global.istioNamespace", "other"],
            ["pilot.pilot.env", {}],
            ["meshConfig.outbound_traffic_policy.mode", "ALLOW_ANY"],
            ["meshConfig.outboundTrafficPolicy.tls", {}],
            ["meshConfig.rootNamespace", "payments"],
            ["meshConfig.discoverySelectors", []],
            ["meshConfig.enableAutoMtls", false],
            ["meshConfig.trustDomainAliases", ["other"]],
            ["meshConfig.disableEnvoyListenerLog", true],
            ["meshConfig.accessLogEncoding", "TEXT"],
            ["meshConfig.defaultProviders.accessLogging", ["none"]],
            ["meshConfig.extensionProviders", [{ name: "envoy", envoyFileAccessLog: { path: "/dev/null" } }]],
            ["meshConfig.defaultConfig.interceptionMode", "NONE"],
            ["meshConfig.defaultConfig.proxyHeaders.forwardedClientCert", "FORWARD_ONLY"],
            ["meshConfig.defaultConfig.gatewayTopology.numTrustedProxies", 1],
            ["meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE", "false"],
            ["meshConfig.defaultConfig.runtimeValues", {}],
            ["sidecarInjectorWebhook.neverInjectSelector", []],
            ["sidecarInjectorWebhook.templates", {}],
            ["sidecarInjectorWebhook.injectedAnnotations", {}],
            ["_internal_defaults_do_not_set.meshConfig", {}],
            ["defaults.meshConfig", {}],
            ["profile", "demo"],
            ["compatibilityVersion", "1.25"],
            ["envVarFrom", []],
            ["extraContainerArgs", []],
            ["__proto__x", {}],
            ["constructor", {}],
        ];
        for (const [path, value] of cases) {
            assert.ok(paths(nested(path, value)).length > 0, path);
        }
    });

    it("put nothing into an environment variable but one word", () => {
        for (const value of ['1"\n- name: BLOCKED_CIDRS_IN_JWKS_URIS\n  value: "', "a b", "", {}, "$(X)"]) {
            assert.equal(paths(nested("env.GOGC", value)).length, 1);
        }
    });

    it("that are taken leave everything guarded as it is", () => {
        const all = leaves(FREE_VALUES, "Values").map(([path]) => path);
        const guarded = istiodValues(mesh);
        fc.assert(
            fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
                const values = nested(path, value);
                fc.pre(validateMesh({ ...mesh, values }).length === 0);
                const made = istiodValues({ ...mesh, values });
                const meshConfig = made.meshConfig as HelmValues;
                assert.deepEqual(meshConfig.outboundTrafficPolicy, { mode: "REGISTRY_ONLY" });
                assert.deepEqual((made.pilot as HelmValues | undefined)?.meshConfig, undefined);
                assert.equal(meshConfig.accessLogEncoding, (guarded.meshConfig as HelmValues).accessLogEncoding);
            }),
        );
    });
});
