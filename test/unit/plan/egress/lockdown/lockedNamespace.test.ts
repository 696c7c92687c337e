import assert from "node:assert/strict";
import { checkPolicy, checkScript } from "../../../../../plan/egress/lockdown/enforcementCheck";
import { namespaceLabels } from "../../../../../plan/egress/lockdown/namespaceLabels";
import { sidecarScope } from "../../../../../plan/egress/lockdown/sidecarScope";

const PLACES = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };

describe("a locked namespace", () => {
    it("has a sidecar in every pod, of the mesh's revision", () => {
        assert.equal(namespaceLabels("lock", "", false)["istio-injection"], "enabled");
        assert.equal(namespaceLabels("lock", "canary", false)["istio.io/rev"], "canary");
        assert.ok(
            !("istio-injection" in namespaceLabels("lock", "canary", false)),
            "that label would win over the revision",
        );
    });

    it("enforces Pod Security only where Istio's own init container does not break it", () => {
        const enforced = (istioCni: boolean) =>
            namespaceLabels("lock", "", istioCni)["pod-security.kubernetes.io/enforce"];
        assert.equal(enforced(true), "restricted");
        assert.equal(enforced(false), "privileged");
        assert.equal(namespaceLabels("lock", "", false)["pod-security.kubernetes.io/warn"], "restricted");
    });

    it("has a sidecar that refuses what it does not know", () => {
        const { spec, metadata } = sidecarScope("payments", PLACES);
        assert.deepEqual(metadata, {
            name: "egress-lockdown",
            namespace: "payments",
            labels: { "mesh-egress/lockdown": "guard" },
        });
        assert.deepEqual(spec, {
            egress: [{ hosts: ["./*", "mesh-root/*", "egress/*"] }],
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
        });
    });
});

describe("the check that policies are enforced", () => {
    it("allows its own pod one port of istiod and tries another", () => {
        const { spec } = checkPolicy({ namespace: "check", meshNamespace: "mesh-root", nodeDnsRanges: [] });
        assert.deepEqual(
            spec.egress.flatMap(({ ports }) => ports?.map(({ port }) => port)),
            [53, 53, 15012],
        );
        const script = checkScript({ meshNamespace: "mesh-root", revision: "canary" });
        assert.match(script, /http:\/\/istiod-canary\.mesh-root\.svc:/);
        assert.match(script, /connects 15012; allowed=/);
        assert.match(script, /connects 15014; forbidden=/);
    });
});
