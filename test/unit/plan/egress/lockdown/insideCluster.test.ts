import assert from "node:assert/strict";
import fc from "fast-check";
import { validateClusterRanges, validateRouteAddress } from "../../../../../plan/egress/lockdown/insideCluster";
import { EgressLockdownOptions, resolvedLockdown } from "../../../../../plan/egress/lockdown/options";

const lockdown = (more: Partial<EgressLockdownOptions> = {}) =>
    resolvedLockdown({
        namespaces: ["payments", "orders"],
        policyEngine: "cilium",
        gatewayEgress: [{ range: "203.0.113.0/24" }],
        imageRegistries: ["registry.example"],
        clusterRanges: ["10.244.0.0/16", "10.0.0.0/16", "fd00:10::/48"],
        ...more,
    });

const found = (address: string, more?: Partial<EgressLockdownOptions>) =>
    validateRouteAddress("routes[0].address", address, lockdown(more));

describe("the address of a route beside a lockdown", () => {
    it("may be a partner's, or a service in a namespace that is not locked", () => {
        for (const address of [
            "",
            "api.partner.example",
            "203.0.113.7",
            "10.20.0.4",
            "2001:db8::7",
            "web.partner.svc.cluster.local",
            "web.partner",
        ]) {
            assert.deepEqual(found(address), [], address);
        }
        assert.deepEqual(validateRouteAddress("routes[0].address", undefined, lockdown()), []);
    });

    it("is not a service in a locked namespace, in every spelling", () => {
        for (const address of [
            "web.payments",
            "web.payments.svc",
            "web.payments.svc.cluster.local",
            "web.orders.svc.k8s.corp",
            "Web.Payments.SVC.",
        ]) {
            const [violation] = found(address);
            assert.equal(violation.path, "routes[0].address");
            assert.match(violation.problem, /locked namespace (payments|orders)/);
        }
    });

    it("is no address of the cluster's own ranges, and of no other", () => {
        fc.assert(
            fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
                const inside = a === 244 || a === 0;
                assert.equal(found(`10.${a}.${b}.${c}`).length, inside ? 1 : 0);
            }),
        );
        assert.match(found("fd00:10::7")[0].problem, /fd00:10::\/48/);
        assert.deepEqual(found("10.244.0.7", { clusterRanges: [] }), []);
    });
});

describe("clusterRanges", () => {
    it("have no address in common with the gateway's destinations, however these are cut", () => {
        const paths = (...ranges: string[]) =>
            validateClusterRanges(lockdown({ gatewayEgress: ranges.map((range) => ({ range })) })).map(
                ({ path }) => path,
            );
        assert.deepEqual(paths("203.0.113.0/24", "10.99.0.0/16", "2001:db8::/48"), []);
        assert.deepEqual(paths("10.99.0.0/16", "10.0.0.0/8"), ["gatewayEgress[1].range"]);
        assert.deepEqual(paths("10.244.3.0/24"), ["gatewayEgress[0].range"]);
        assert.deepEqual(paths("10.0.0.1/32"), ["gatewayEgress[0].range"]);
        assert.deepEqual(paths("fd00::/16"), ["gatewayEgress[0].range"]);
        assert.deepEqual(validateClusterRanges(lockdown({ gatewayEgress: [{ namespace: "partner" }] })), []);
    });

    it("are ranges", () => {
        const [violation] = validateClusterRanges(lockdown({ clusterRanges: ["10.244.0.1/16"] }));
        assert.equal(violation.path, "clusterRanges[0]");
        assert.match(violation.fix, /10\.244\.0\.0\/16/);
    });
});
