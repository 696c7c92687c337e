import assert from "node:assert/strict";
import { namespaceLabels } from "../../../../../plan/egress/lockdown/namespaceLabels";

describe("the labels of a locked namespace", () => {
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
});
