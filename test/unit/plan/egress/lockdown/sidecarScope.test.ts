import assert from "node:assert/strict";
import { sidecarScope } from "../../../../../plan/egress/lockdown/sidecarScope";

const PLACES = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };

describe("the Sidecar of a locked namespace", () => {
    it("refuses what it does not know", () => {
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
