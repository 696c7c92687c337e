import assert from "node:assert/strict";
import fc from "fast-check";
import { identityPattern } from "../../../../../plan/egress/route/identity";
import { EgressMode } from "../../../../../plan/egress/route/options";
import { ResolvedRoute } from "../../../../../plan/egress/route/route";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { validateRoute } from "../../../../../plan/egress/route/validateRoute";
import { explain } from "../../../../../plan/shared/violation";
import { host, wildcardRoute } from "../../../../support/arbitraries";

const AT_GATEWAY = ["mutualTls", "simpleTls", "http"] as const;

const taken = fc.constantFrom(...AT_GATEWAY, "sidecarSimpleTls" as const, "direct" as const).chain(wildcardRoute);
const atGateway = fc.constantFrom(...AT_GATEWAY).chain(wildcardRoute);

function spec(route: ResolvedRoute, kind: string): Record<string, unknown> | undefined {
    return routeObjects(route).find((object) => object.kind === kind)?.spec;
}

interface HttpRoute {
    name: string;
    match: { gateways?: string[]; authority?: { regex: string } }[];
}

function wayOf(route: ResolvedRoute): HttpRoute {
    return (spec(route, "VirtualService")?.http as HttpRoute[]).filter(({ name }) => name !== "to-gateway")[0];
}

/** Envoy matches the whole authority. */
function takes(route: ResolvedRoute, authority: string): boolean {
    const regex = wayOf(route).match[0].authority!.regex;
    assert.ok(regex.startsWith("(?i)"));
    return new RegExp(`^(?:${regex.slice("(?i)".length)})$`, "i").test(authority);
}

describe("a route for a wildcard", () => {
    it("is accepted in every mode that takes one, and resolved by the proxy", () => {
        fc.assert(
            fc.property(taken, (route) => {
                assert.deepEqual(validateRoute(route), []);
                assert.equal(spec(route, "ServiceEntry")?.resolution, "DYNAMIC_DNS");
                assert.equal(spec(route, "ServiceEntry")?.endpoints, undefined);
            }),
        );
    });

    it("checks the server's certificate against the requested name: neither SNI nor names are fixed", () => {
        fc.assert(
            fc.property(fc.constantFrom("mutualTls" as const, "simpleTls" as const).chain(wildcardRoute), (route) => {
                const text = JSON.stringify(spec(route, "DestinationRule"));
                assert.doesNotMatch(text, /"sni"|subjectAltNames|insecureSkipVerify/);
                assert.match(text, /"mode":"(MUTUAL|SIMPLE)"/);
            }),
        );
    });

    it("takes names below the domain, and nothing with a port, a dot at the end or another domain", () => {
        fc.assert(
            fc.property(atGateway, host, (route, name) => {
                const domain = route.hosts[0].slice(2);
                assert.ok(takes(route, `${name}.${domain}`));
                assert.ok(takes(route, `${name}.${domain}`.toUpperCase()));
                for (const other of [
                    domain,
                    `.${domain}`,
                    `${name}..${domain}`,
                    `${name}.${domain}.`,
                    `${name}.${domain}:80`,
                    `${name}.${domain}:8443`,
                    `10.0.0.1:80.${domain}`,
                    `[::1].${domain}`,
                    `a@b.${domain}`,
                    `${name}x${domain}`,
                    `${name}.${domain}.evil.example`,
                    `${name}.${domain.replace(".", "x")}`,
                ]) {
                    assert.ok(!takes(route, other), other);
                }
            }),
        );
    });

    it("switches its own filter on for its own way, and for no other", () => {
        fc.assert(
            fc.property(atGateway, (route) => {
                const filter = spec(route, "EnvoyFilter")!;
                const [insert, ...enabled] = filter.configPatches as Patch[];
                assert.deepEqual(filter.workloadSelector, { labels: { istio: route.gateway.name } });
                assert.equal(insert.patch.value.disabled, true);
                assert.equal(insert.patch.value.typed_config.dns_cache_config.name, `${route.hosts[0]}_dfp_dns_cache`);
                assert.deepEqual(
                    enabled.map(({ match }) => match.routeConfiguration?.vhost.route.name),
                    [wayOf(route).name],
                );
                assert.deepEqual(Object.keys(enabled[0].patch.value.typed_per_filter_config), [
                    insert.patch.value.name,
                ]);
            }),
        );
    });

    for (const [families, family] of [
        [undefined, "V4_ONLY"],
        ["ipv4", "V4_ONLY"],
        ["ipv6", "V6_ONLY"],
        ["dualStack", "ALL"],
    ] as const) {
        it(`looks names up as istiod's cluster does, with the gateway's ${families ?? "default"} families: ${family}`, () => {
            fc.assert(
                fc.property(atGateway, (route) => {
                    const filter = spec({ ...route, ipFamilies: families }, "EnvoyFilter")!;
                    const [insert] = filter.configPatches as Patch[];
                    assert.equal(insert.patch.value.typed_config.dns_cache_config.dns_lookup_family, family);
                }),
            );
        });
    }

    it("asks on the way itself who calls: the policy of a wildcard also covers exact hosts below it", () => {
        const route = fc.sample(wildcardRoute("mutualTls"), { numRuns: 1, seed: 1 })[0];
        assert.deepEqual(
            (wayOf(route).match as { headers?: Record<string, { regex: string }> }[]).map(
                ({ headers }) => headers?.["x-forwarded-client-cert"].regex,
            ),
            route.allowFrom.map((caller) => identityPattern(caller, route.trustDomain)),
        );
    });

    const hosts = ["*.partner.example"];
    const refused: [what: string, mode: EgressMode, change: Partial<ResolvedRoute>, message: RegExp][] = [
        ["passthrough", "passthrough", { hosts }, /^hosts\[0\]: .*could name any other host/],
        ["the sidecar's mutual TLS", "sidecarMutualTls", { hosts }, /^hosts\[0\]: .*would send plaintext/],
        ["another host beside it", "mutualTls", { hosts: [...hosts, "a.example"] }, /^hosts\[0\]: .*not the only host/],
        ["a port of the server", "mutualTls", { hosts, port: 8443 }, /^port: 8443 cannot be set/],
        [
            "TLS straight from the sidecar",
            "direct",
            { hosts, ports: [{ number: 443, protocol: "tls" }] },
            /^ports\[0\]/,
        ],
        ["another port of HTTP", "direct", { hosts, ports: [{ number: 8080, protocol: "http" }] }, /^ports\[0\]/],
        ["the default ports", "direct", { hosts, ports: undefined }, /^ports: is missing/],
        ["sharedDomain without one", "http", { hosts: ["a.example"], sharedDomain: true }, /^sharedDomain/],
    ];
    for (const [what, mode, change, message] of refused) {
        it(`is refused with ${what}`, () => {
            const base = fc.sample(wildcardRoute(mode), { numRuns: 1, seed: 7 })[0];
            const violations = validateRoute({ ...base, ...change }).map((one) => `${one.path}: ${explain(one)}`);
            assert.equal(violations.length, 1, violations.join("\n"));
            assert.match(violations[0], message);
        });
    }

    it("is refused with a certificate for each caller", () => {
        const base = fc.sample(wildcardRoute("mutualTls"), { numRuns: 1, seed: 7 })[0];
        const own = [{ namespace: "payments" }];
        const route = { ...base, hasCredential: false, allowFrom: own, credentialCallers: own };
        assert.deepEqual(
            validateRoute(route).map(({ path }) => path),
            ["credentials"],
        );
    });
});

interface Patch {
    match: { routeConfiguration?: { vhost: { route: { name: string } } } };
    patch: {
        value: {
            name: string;
            disabled: boolean;
            typed_config: { dns_cache_config: { name: string; dns_lookup_family: string } };
            typed_per_filter_config: Record<string, unknown>;
        };
    };
}
