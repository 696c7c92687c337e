import assert from "node:assert/strict";
import {
    AGENT_DOMAINS,
    agentKeys,
    validateAllowedAnnotations,
} from "../../../../../plan/egress/lockdown/agentAnnotations";

/** The keys that the CEL expression's pattern matches. */
function refused(keys: string[], allowed: string[] = []): string[] {
    const pattern = /matches\(("(?:[^"\\]|\\.)*")\)/.exec(agentKeys("a", allowed))?.[1];
    const expression = pattern === undefined ? undefined : new RegExp(JSON.parse(pattern) as string);
    return keys.filter((key) => expression?.test(key));
}

const KEYS = [
    "ad.datadoghq.com/app.instances",
    "co.elastic.monitor/hosts",
    "co.elastic.hints/host",
    "external-dns.alpha.kubernetes.io/hostname",
    "getambassador.io/config",
    "io.opentelemetry.discovery.metrics/config",
    "io.cilium/global-service",
    "kueue.x-k8s.io/queue-name",
    "service.cilium.io/global",
    "reflector.v1.k8s.emberstack.com/reflection-auto-enabled",
    "cdi.kubevirt.io/storage.import.endpoint",
    "tailscale.com/expose",
];
const OTHERS = [
    "prometheus.io/scrape",
    "checksum/config",
    "ad.datadoghq.community/x",
    "co.elasticity/x",
    "io.ciliumx/y",
    "kubectl.kubernetes.io/restartedAt",
    "team.example/tailscale.com",
];

describe("annotations of agents", () => {
    it("are known by their beginning, and no others are", () => {
        assert.deepEqual(refused([...KEYS, ...OTHERS]), KEYS);
    });

    it("are allowed by domain, alone or all of them", () => {
        assert.deepEqual(
            refused(KEYS, ["co.elastic"]),
            KEYS.filter((key) => !key.startsWith("co.elastic")),
        );
        assert.deepEqual(refused(KEYS, AGENT_DOMAINS), []);
        assert.equal(agentKeys("a", AGENT_DOMAINS), "[]");
    });

    it("may be allowed only if they are refused", () => {
        assert.deepEqual(validateAllowedAnnotations("allowedAnnotations", AGENT_DOMAINS), []);
        for (const other of ["", "*", "prometheus.io", "istio.io", "AD.datadoghq.com", "datadoghq.com"]) {
            const [violation] = validateAllowedAnnotations("allowedAnnotations", ["co.elastic", other]);
            assert.equal(violation.path, "allowedAnnotations[1]", other);
        }
    });
});
