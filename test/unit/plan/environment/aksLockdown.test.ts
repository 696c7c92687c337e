import assert from "node:assert/strict";
import { AksPolicyEngine } from "../../../../plan/azure/clusterOptions";
import {
    LOCAL_DNS_RANGES,
    aksLockdown,
    validateLockdownEngine,
    validateSelectedRanges,
} from "../../../../plan/environment/aksLockdown";

const lockdown: { policyEngine: string; nodeDnsRanges?: string[]; clusterRanges?: string[] } = {
    policyEngine: "cilium",
};
const ranges = { pods: "10.244.0.0/16", services: "10.0.0.0/16", nodes: ["10.64.0.0/17", "10.64.128.64/26"] };

describe("the lockdown of an AKS environment", () => {
    it("lets pods ask the DNS cache of AKS's nodes, unless it says otherwise", () => {
        assert.deepEqual(aksLockdown(lockdown, { isAddon: false, ranges }).nodeDnsRanges, LOCAL_DNS_RANGES);
        const own = { ...lockdown, nodeDnsRanges: [] };
        assert.deepEqual(aksLockdown(own, { isAddon: false, ranges }).nodeDnsRanges, []);
    });

    it("knows the addresses of the cluster's pods and services, unless it says otherwise", () => {
        assert.deepEqual(aksLockdown(lockdown, { isAddon: false, ranges }).clusterRanges, [
            "10.244.0.0/16",
            "10.0.0.0/16",
        ]);
        const own = { ...lockdown, clusterRanges: ["10.9.0.0/16"] };
        assert.deepEqual(aksLockdown(own, { isAddon: false, ranges }).clusterRanges, ["10.9.0.0/16"]);
    });

    it("knows that the add-on's gateway leaves in a tunnel, where no policy applies", () => {
        const known: { policyEngine: string; staticEgressGateway?: boolean } = aksLockdown(lockdown, {
            isAddon: true,
            ranges,
        });
        assert.equal(known.staticEgressGateway, true);
    });

    /** By where a range of `gatewayEgress` is: the engines whose ipBlock does not select it. */
    const matrix: [where: string, range: string, blind: AksPolicyEngine[]][] = [
        ["outside of the cluster", "203.0.113.0/24", []],
        ["in a private network elsewhere", "10.99.0.0/16", []],
        ["around the cluster and more", "10.0.0.0/8", []],
        ["of another family", "2001:db8::/32", []],
        ["one of nodes", "10.64.1.7/32", ["cilium"]],
        ["one of the egress nodes", "10.64.128.70/32", ["cilium"]],
    ];
    for (const [where, range, blind] of matrix) {
        for (const engine of ["cilium", "calico"] as const) {
            const selects = !blind.includes(engine);
            it(`${selects ? "may" : "may not"} name a range ${where} for ${engine}`, () => {
                const found = validateSelectedRanges([{ range: "198.51.100.0/24" }, { range }], ranges, engine);
                assert.deepEqual(
                    found.map(({ path }) => path),
                    selects ? [] : ["lockdown.gatewayEgress[1].range"],
                );
            });
        }
    }

    it("may name namespaces and the Internet, whatever the engine", () => {
        assert.deepEqual(validateSelectedRanges([{}, {}], ranges, "cilium"), []);
    });

    it("is written for the engine that the cluster runs", () => {
        assert.deepEqual(validateLockdownEngine(undefined, "cilium"), []);
        assert.deepEqual(validateLockdownEngine(lockdown, "cilium"), []);
        const [violation] = validateLockdownEngine(lockdown, "calico");
        assert.equal(violation.path, "lockdown.policyEngine");
        assert.match(violation.fix, /calico/);
    });
});
