import assert from "node:assert/strict";
import fc from "fast-check";
import { validateWildcardContext } from "../../../../../../plan/egress/route/wildcard/validateWildcardRoute";
import { explain } from "../../../../../../plan/shared/violation";
import { wildcardRoute } from "../../../../../support/arbitraries";

describe("validateWildcardContext", () => {
    const route = fc.sample(wildcardRoute("mutualTls"), { numRuns: 1, seed: 3 })[0];

    for (const version of ["1.31.0", "1.31.12", "v1.31.2", "1.31.0-rc.1"]) {
        it(`accepts Istio ${version}`, () => {
            assert.deepEqual(validateWildcardContext(route, { istioVersion: version }), []);
        });
    }

    for (const version of [
        undefined,
        "",
        "1.30.9",
        "1.32.0",
        "1.3.1",
        "11.31.0",
        "1.310.0",
        "1.31",
        "latest",
        "asm-1-31",
    ]) {
        it(`refuses Istio ${version}, with the versions that were tested`, () => {
            const [violation, ...others] = validateWildcardContext(route, { istioVersion: version });
            assert.deepEqual(others, []);
            assert.equal(violation.path, "gateway.istioVersion");
            assert.match(explain(violation), /1\.31\.x/);
        });
    }

    it("asks for no version past the gateway, nor without a wildcard", () => {
        assert.deepEqual(validateWildcardContext({ ...route, mode: "direct" }, {}), []);
        assert.deepEqual(validateWildcardContext({ ...route, hosts: ["a.partner.example"] }, { address: "x" }), []);
    });

    it("refuses families that are none", () => {
        const [violation, ...others] = validateWildcardContext(route, { istioVersion: "1.31.0", ipFamilies: "both" });
        assert.deepEqual(others, []);
        assert.equal(violation.path, "gateway.ipFamilies");
        assert.match(explain(violation), /ipv4, ipv6, dualStack/);
    });

    it("refuses an address, which the proxy would not dial", () => {
        const [violation] = validateWildcardContext(route, { istioVersion: "1.31.0", address: "192.0.2.1" });
        assert.equal(violation.path, "address");
    });
});
