import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, formatRange, overlaps, parseRange, sizeOf } from "../../../../plan/shared/addressRange";
import { firewallRules } from "../../../../plan/azure/firewallRules";
import { subnetRanges, validateNetwork } from "../../../../plan/azure/network";
import { ResolvedNetwork, SUBNETS, resolvedNetwork } from "../../../../plan/azure/resolvedNetwork";
import { egressRoutes, nodeRoutes } from "../../../../plan/azure/routes";
import { nodeSecurityRules } from "../../../../plan/azure/securityRules";
import { explain } from "../../../../plan/shared/violation";

const network: ResolvedNetwork = resolvedNetwork({});

const addressSpace = fc
    .tuple(fc.integer({ min: 8, max: 23 }), fc.nat())
    .map(([length, at]) => formatRange({ family: 4, length, start: BigInt((at * 2 ** (32 - length)) % 2 ** 32) }));

describe("the subnets of a network", () => {
    it("fit into every address space that is accepted, share no address and are large enough", () => {
        fc.assert(
            fc.property(addressSpace, (text) => {
                const request = { ...network, addressSpace: text };
                assert.deepEqual(validateNetwork(request), []);
                const space = parseRange(text)!;
                const ranges = Object.values(subnetRanges(request)).map((range) => parseRange(range)!);
                assert.equal(ranges.length, SUBNETS.length);
                ranges.forEach((range, index) => {
                    assert.ok(contains(space, range));
                    assert.ok(!ranges.slice(0, index).some((other) => overlaps(other, range)));
                });
            }),
        );
    });

    it("stay where they are when another one is chosen", () => {
        const before = subnetRanges(network);
        const after = subnetRanges({ ...network, subnets: { firewall: "10.64.200.0/24" } });
        assert.deepEqual({ ...after, firewall: before.firewall }, before);
    });

    it("are accepted as they are carved, when they are given", () => {
        assert.deepEqual(validateNetwork({ ...network, subnets: subnetRanges(network) }), []);
    });
});

describe("validateNetwork", () => {
    const bad: [what: string, change: Partial<ResolvedNetwork>, path: string, message: RegExp][] = [
        ["an address space that is none", { addressSpace: "10.64.0.0" }, "addressSpace", /is not a range/],
        ["one that is too small", { addressSpace: "10.64.0.0/24" }, "addressSpace", /too small.*at most \/23/],
        [
            "a firewall's subnet that is too small",
            { subnets: { firewall: "10.64.200.0/27" } },
            "subnets.firewall",
            /too small: Azure Firewall accepts no smaller one; expected a prefix of at most \/26/,
        ],
        ["an API server's", { subnets: { apiServer: "10.64.200.0/29" } }, "subnets.apiServer", /at most \/28/],
        ["the egress pool's", { subnets: { egress: "10.64.200.0/29" } }, "subnets.egress", /at most \/28/],
        ["the nodes'", { subnets: { nodes: "10.64.0.0/28" } }, "subnets.nodes", /at most \/27/],
        [
            "one outside of the network",
            { subnets: { nodes: "10.65.0.0/24" } },
            "subnets.nodes",
            /not inside.*10.64.0.0/,
        ],
        [
            "one over another",
            { subnets: { egress: "10.64.1.0/24" } },
            "subnets.egress",
            /overlaps with subnets.nodes \(10.64.0.0\/17\)/,
        ],
        ["one that is no range", { subnets: { egress: "x" } }, "subnets.egress", /is not a range/],
        ["a prefix that Azure does not give", { egressPrefixLength: 27 }, "egressPrefixLength", /from 28 to 31/],
        ["a time-out that Azure does not take", { idleTimeoutMinutes: 3 }, "idleTimeoutMinutes", /from 4 to 120/],
        [
            "hosts that no firewall would read",
            { outboundControl: "nsg", allowedFqdns: ["a.example"] },
            "allowedFqdns",
            /has no effect.*outboundControl: firewall/,
        ],
        [
            "a subnet for a firewall that there is not",
            { outboundControl: "open", subnets: { firewall: "10.64.200.0/24" } },
            "subnets.firewall",
            /has no effect.*outboundControl: firewall/,
        ],
        [
            "service tags that no security group would read",
            { allowedServiceTags: ["Sql"] },
            "allowedServiceTags",
            /has no effect.*outboundControl: nsg/,
        ],
    ];
    for (const [what, change, path, message] of bad) {
        it(`refuses ${what}`, () => {
            const violations = validateNetwork({ ...network, ...change });
            assert.deepEqual(
                violations.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(violations[0]), message);
        });
    }
});

describe("what may leave the nodes", () => {
    it("is denied last with a security group, and priorities are all different", () => {
        fc.assert(
            fc.property(fc.array(fc.stringMatching(/^[A-Z][a-z]{1,12}$/), { maxLength: 20 }), (tags) => {
                const rules = nodeSecurityRules(tags);
                const last = rules.reduce((a, b) => (a.priority > b.priority ? a : b));
                assert.deepEqual([last.access, last.destinationAddressPrefix], ["Deny", "Internet"]);
                assert.equal(new Set(rules.map(({ priority }) => priority)).size, rules.length);
                assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
                for (const tag of tags) {
                    assert.ok(rules.some((rule) => rule.access === "Allow" && rule.destinationAddressPrefix === tag));
                }
                assert.ok(
                    !rules.some((rule) => rule.access === "Allow" && rule.destinationAddressPrefix === "Internet"),
                );
            }),
        );
    });

    it("is what AKS needs and what is allowed, with a firewall", () => {
        assert.deepEqual(firewallRules([]).length, 3);
        const [aks, monitor, policy, allowed] = firewallRules(["registry.example"]);
        assert.deepEqual((aks as { fqdnTags?: string[] }).fqdnTags, ["AzureKubernetesService"]);
        assert.ok((monitor as { targetFqdns: string[] }).targetFqdns.includes("*.ods.opinsights.azure.com"));
        assert.ok((policy as { targetFqdns: string[] }).targetFqdns.includes("store.policy.core.windows.net"));
        assert.deepEqual((allowed as { targetFqdns?: string[] }).targetFqdns, ["registry.example"]);
    });

    it("goes to the firewall, but the egress nodes' way to the Internet is more specific", () => {
        assert.deepEqual(nodeRoutes("10.0.0.4"), [
            {
                name: "to-firewall",
                addressPrefix: "0.0.0.0/0",
                nextHopType: "VirtualAppliance",
                nextHopIpAddress: "10.0.0.4",
            },
        ]);
        const direct = egressRoutes("10.0.0.4").filter(({ nextHopType }) => nextHopType === "Internet");
        const covered = direct.map(({ addressPrefix }) => sizeOf(parseRange(addressPrefix)!)).reduce((a, b) => a + b);
        assert.equal(covered, 2n ** 32n);
    });
});
