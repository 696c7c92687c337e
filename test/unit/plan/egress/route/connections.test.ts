import assert from "node:assert/strict";
import fc from "fast-check";
import { connectionPolicy } from "../../../../../plan/egress/route/connections";

const hosts = fc.constantFrom("api.partner.example", "*.partner.example");

describe("connections to a host", () => {
    it("have options of HTTP, but for a wildcard without TLS, whose cluster Envoy would refuse", () => {
        fc.assert(
            fc.property(hosts, fc.boolean(), (host, originatesTls) => {
                const { http } = connectionPolicy(host, { originatesTls }).connectionPool;
                assert.deepEqual(http, host.startsWith("*.") && !originatesTls ? undefined : { idleTimeout: "55s" });
            }),
        );
    });

    it("leave a dead address of a host alone, but none below a wildcard", () => {
        fc.assert(
            fc.property(hosts, fc.boolean(), (host, originatesTls) => {
                const policy = connectionPolicy(host, { originatesTls });
                assert.equal("outlierDetection" in policy, !host.startsWith("*."));
            }),
        );
    });

    it("are used for as long as is given", () => {
        fc.assert(
            fc.property(
                hosts,
                fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
                (host, maxSeconds) => {
                    const { tcp } = connectionPolicy(host, { originatesTls: true, maxSeconds }).connectionPool;
                    assert.equal(tcp.maxConnectionDuration, maxSeconds === undefined ? undefined : `${maxSeconds}s`);
                },
            ),
        );
    });
});
