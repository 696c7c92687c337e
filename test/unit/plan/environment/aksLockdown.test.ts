import assert from "node:assert/strict";
import { LOCAL_DNS_RANGES, aksLockdown, validateLockdownEngine } from "../../../../plan/environment/aksLockdown";

const lockdown = { policyEngine: "cilium" };

describe("the lockdown of an AKS environment", () => {
    it("lets pods ask the DNS cache of AKS's nodes, unless it says otherwise", () => {
        assert.deepEqual(aksLockdown(lockdown, { isAddon: false }), {
            policyEngine: "cilium",
            nodeDnsRanges: LOCAL_DNS_RANGES,
        });
        const own = { ...lockdown, nodeDnsRanges: [] };
        assert.deepEqual(aksLockdown(own, { isAddon: false }).nodeDnsRanges, []);
    });

    it("knows that the add-on's gateway leaves in a tunnel, where no policy applies", () => {
        const known: { policyEngine: string; staticEgressGateway?: boolean } = aksLockdown(lockdown, { isAddon: true });
        assert.equal(known.staticEgressGateway, true);
    });

    it("is written for the engine that the cluster runs", () => {
        assert.deepEqual(validateLockdownEngine(undefined, "cilium"), []);
        assert.deepEqual(validateLockdownEngine(lockdown, "cilium"), []);
        const [violation] = validateLockdownEngine(lockdown, "calico");
        assert.equal(violation.path, "lockdown.policyEngine");
        assert.match(violation.fix, /calico/);
    });
});
