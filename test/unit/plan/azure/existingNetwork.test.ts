import assert from "node:assert/strict";
import { validateNetwork } from "../../../../plan/azure/network";
import { ResolvedNetwork, resolvedNetwork } from "../../../../plan/azure/resolvedNetwork";
import { EgressNetworkOptions } from "../../../../plan/azure/networkOptions";
import { explain } from "../../../../plan/shared/violation";

const provider = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network";
const vnet = `${provider}/virtualNetworks/spoke`;
const existingSubnets = {
    nodes: `${vnet}/subnets/nodes`,
    egress: `${vnet}/subnets/egress`,
    apiServer: `${vnet}/subnets/api`,
    egressPrefix: "198.51.100.0/30",
};
const routeTables = { nodes: `${provider}/routeTables/nodes`, egress: `${provider}/routeTables/egress` };
const peering = { name: "hub", virtualNetworkId: vnet };

const violations = (options: EgressNetworkOptions, natGateway = true) =>
    validateNetwork(resolvedNetwork(options, natGateway));

describe("a network of parts that exist already", () => {
    const good: [what: string, options: EgressNetworkOptions][] = [
        ["a virtual network", { virtualNetworkId: vnet, addressSpace: "10.80.0.0/20" }],
        ["subnets", { existingSubnets, outboundControl: "routes" }],
        ["subnets that nothing holds back", { existingSubnets, outboundControl: "open" }],
        ["route tables", { routeTables, outboundControl: "routes" }],
        ["a hub", { peerings: [peering, { ...peering, name: "other-hub", useRemoteGateways: true }] }],
        ["ids in another case", { virtualNetworkId: vnet.toUpperCase() }],
    ];
    for (const [what, options] of good) {
        it(`may be ${what}`, () => assert.deepEqual(violations(options), []));
    }

    const bad: [what: string, options: EgressNetworkOptions, path: string, message: RegExp][] = [
        [
            "a name for an id",
            { virtualNetworkId: "spoke" },
            "virtualNetworkId",
            /not the id of a virtual network.*az network vnet show/,
        ],
        [
            "a network for a subnet",
            { existingSubnets: { ...existingSubnets, egress: vnet }, outboundControl: "routes" },
            "existingSubnets.egress",
            /not the id of a subnet/,
        ],
        [
            "an address for a prefix",
            { existingSubnets: { ...existingSubnets, egressPrefix: "198.51.100.1" }, outboundControl: "routes" },
            "existingSubnets.egressPrefix",
            /is not a range/,
        ],
        [
            "a firewall around existing subnets",
            { existingSubnets },
            "outboundControl",
            /cannot be set up for existing subnets.*Set outboundControl to routes/,
        ],
        [
            "a lock on a prefix of somebody else's",
            { existingSubnets, outboundControl: "routes", deleteLock: true },
            "deleteLock",
            /has no effect: this program does not manage the prefix/,
        ],
        [
            "a network and its subnets",
            { existingSubnets, outboundControl: "routes", virtualNetworkId: vnet },
            "virtualNetworkId",
            /no effect/,
        ],
        [
            "ranges of subnets that exist",
            { existingSubnets, outboundControl: "routes", subnets: { nodes: "10.64.0.0/20" } },
            "subnets",
            /exist already/,
        ],
        [
            "a peering of another's network",
            { existingSubnets, outboundControl: "routes", peerings: [peering] },
            "peerings",
            /does not manage the network/,
        ],
        ["routes to nowhere", { outboundControl: "routes" }, "routeTables", /are missing/],
        ["route tables for nothing", { outboundControl: "open", routeTables }, "routeTables", /have no effect/],
        [
            "a subnet for a route table",
            { outboundControl: "routes", routeTables: { ...routeTables, egress: existingSubnets.egress } },
            "routeTables.egress",
            /not the id of a route table/,
        ],
        ["a peering twice", { peerings: [peering, peering] }, "peerings[1].name", /already the name of peerings\[0\]/],
        ["a peering's bad name", { peerings: [{ ...peering, name: "-hub" }] }, "peerings[0].name", /1 to 80/],
        [
            "partners behind a subnet that exists",
            { existingSubnets, outboundControl: "routes", partnerRanges: ["203.0.113.0/24"] },
            "partnerRanges",
            /have no effect/,
        ],
        ["a partner's range that is none", { partnerRanges: ["203.0.113.5/24"] }, "partnerRanges[0]", /is not a range/],
        ["the whole Internet as a partner", { partnerRanges: ["0.0.0.0/0"] }, "partnerRanges[0]", /0\.0\.0\.0\/0/],
        ["a port that is none", { partnerPorts: [443, 0] }, "partnerPorts[1]", /is not a TCP port/],
        ["a port twice", { partnerPorts: [443, 443] }, "partnerPorts[1]", /is a duplicate/],
    ];
    for (const [what, options, path, message] of bad) {
        it(`refuses ${what}`, () => {
            const found = violations(options);
            assert.deepEqual(
                found.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(found[0]), message);
        });
    }

    it("leaves the product of the prefix to the nodes of the add-on", () => {
        const product = (options: EgressNetworkOptions, natGateway: boolean): ResolvedNetwork["egressSku"] =>
            resolvedNetwork(options, natGateway).egressSku;
        assert.equal(product({}, true), "standardV2");
        assert.equal(product({}, false), "standard");
        const [violation] = violations({ egressSku: "standardV2" }, false);
        assert.equal(violation.path, "egressSku");
    });
});
