import assert from "node:assert/strict";
import { checkPolicy, checkScript } from "../../../../../plan/egress/lockdown/enforcementCheck";

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
