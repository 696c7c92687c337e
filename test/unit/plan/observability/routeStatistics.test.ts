import assert from "node:assert/strict";
import fc from "fast-check";
import { callerLabel, statPrefix } from "../../../../plan/observability/routeStatistics";
import { routeObjects } from "../../../../plan/egress/route/routeEntries";
import { resolvedRoute } from "../../../support/arbitraries";

describe("the statistics of a route", () => {
    it("have host and caller as Istio's bootstrap reads tags from names", () => {
        const prefix = statPrefix("api.partner.example", { namespace: "payments", serviceAccounts: ["billing"] });
        // As `stats_tags` of Istio's envoy_bootstrap.json does for an extra tag.
        const tag = (name: string) =>
            new RegExp(`(${name}=\\.=(.*?);\\.;)`).exec(`vhost.x:443.route.${prefix}.upstream_rq`);
        assert.equal(tag("egress_host")?.[2], "api.partner.example");
        assert.equal(tag("egress_caller")?.[2], "payments/billing");
    });

    it("name a whole namespace, several accounts while they are short, and then how many", () => {
        assert.equal(callerLabel({ namespace: "payments" }), "payments/*");
        assert.equal(callerLabel({ namespace: "payments", serviceAccounts: ["a", "b"] }), "payments/a|b");
        const many = Array.from({ length: 40 }, (_, index) => `account-${index}`);
        assert.equal(callerLabel({ namespace: "payments", serviceAccounts: many }), "payments/40 service accounts");
        assert.equal(callerLabel(undefined), "unknown");
    });

    it("are one for each declared pair of host and caller, whatever is requested", () => {
        const through = fc
            .constantFrom("mutualTls" as const, "simpleTls" as const, "http" as const)
            .chain(resolvedRoute);
        fc.assert(
            fc.property(through, (route) => {
                const service = routeObjects(route).find(({ kind }) => kind === "VirtualService");
                const http = service?.spec["http"] as {
                    route?: object;
                    match: { statPrefix?: string; gateways: string[] }[];
                }[];
                const prefixes = http
                    .flatMap(({ route: forwards, match }) => (forwards ? match : []))
                    .filter(({ gateways }) => gateways[0] === route.gateway.name)
                    .map(({ statPrefix: one }) => one);
                const pairs = route.hosts.flatMap((host) =>
                    route.gatewayTransport === "plaintext"
                        ? [statPrefix(host, undefined)]
                        : route.allowFrom.map((caller) => statPrefix(host, caller)),
                );
                assert.deepEqual(prefixes, pairs);
            }),
        );
    });
});
