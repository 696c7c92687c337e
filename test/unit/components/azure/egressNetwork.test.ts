import assert from "node:assert/strict";
import { EgressNetwork, EgressNetworkArgs, OutboundControl } from "../../../../components";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";
import { warningsOf } from "../../../support/warnings";

const good: EgressNetworkArgs = { location: "westeurope" };

interface Subnet {
    subnetName: string;
    addressPrefix: string;
    natGateway?: { id: string };
    routeTable?: { id: string };
    networkSecurityGroup?: { id: string };
    delegations?: { serviceName: string }[];
}

async function make(args: EgressNetworkArgs = good, preview = false) {
    const recorder = await record({ preview });
    const network = await run(recorder, () => new EgressNetwork("net", args));
    const subnet = (name: string) => recorder.named(`net-${name}-subnet`).inputs as unknown as Subnet;
    return { recorder, network, subnet };
}

describe("EgressNetwork", () => {
    for (const preview of [true, false]) {
        it(`leaves from its own prefix on the egress subnet only (${preview ? "preview" : "update"})`, async () => {
            const { recorder, subnet } = await make(good, preview);
            const { inputs } = recorder.named("net-egress-prefix");
            assert.equal(inputs.prefixLength, 31);
            assert.deepEqual(inputs.zones, ["1", "2", "3"]);
            assert.deepEqual(recorder.ofType("azure-native:network:NatGateway").length, 1);
            assert.ok(recorder.named("net-nat-gateway").dependencies.includes(recorder.named("net-egress-prefix").urn));
            assert.ok(recorder.named("net-egress-subnet").dependencies.includes(recorder.named("net-nat-gateway").urn));
            for (const other of ["node", "api-server", "firewall"]) {
                assert.equal(subnet(other).natGateway, undefined, other);
            }
        });
    }

    it("tells partners which prefix to allow", async () => {
        const { network } = await make({ ...good, egressPrefixLength: 30 });
        assert.equal(await valueOf(network.egressPrefix), "198.51.100.0/30");
    });

    it("delegates a subnet to the API server", async () => {
        const { subnet } = await make();
        assert.deepEqual(
            subnet("api-server").delegations?.map(({ serviceName }) => serviceName),
            ["Microsoft.ContainerService/managedClusters"],
        );
    });

    it("sends what leaves the nodes to a firewall that knows what AKS needs, and the egress nodes around it", async () => {
        const { recorder, network, subnet } = await make({ ...good, allowedFqdns: ["registry.example"] });
        assert.equal(subnet("firewall").subnetName, "AzureFirewallSubnet");
        const rules = JSON.stringify(recorder.named("net-firewall-rules").inputs);
        assert.match(rules, /"AzureKubernetesService"/);
        assert.match(rules, /"registry.example"/);
        assert.ok(recorder.named("net-firewall").dependencies.includes(recorder.named("net-firewall-rules").urn));
        assert.deepEqual(recorder.named("net-node-routes").inputs.routes, [
            {
                name: "to-firewall",
                addressPrefix: "0.0.0.0/0",
                nextHopType: "VirtualAppliance",
                nextHopIpAddress: "10.0.0.4",
            },
        ]);
        assert.equal(subnet("node").routeTable?.id, "net-node-routes-id");
        assert.equal(subnet("egress").routeTable?.id, "net-egress-routes-id");
        assert.equal((await valueOf(network.routeTableIds)).length, 2);
    });

    it("guards the nodes by a security group where that is the lockdown", async () => {
        const { recorder, network, subnet } = await make({
            ...good,
            outboundControl: OutboundControl.Nsg,
            allowedServiceTags: ["Storage"],
        });
        assert.equal(subnet("node").networkSecurityGroup?.id, "net-node-rules-id");
        assert.deepEqual(recorder.named("net-egress-rules").inputs.securityRules, []);
        assert.match(JSON.stringify(recorder.named("net-node-rules").inputs), /"Storage"/);
        assert.deepEqual(recorder.ofType("azure-native:network:AzureFirewall"), []);
        assert.deepEqual(await valueOf(network.routeTableIds), []);
    });

    it("warns in each preview that such rules are outside Microsoft's guidance, and what stops working", async () => {
        for (const outboundControl of [OutboundControl.Nsg, OutboundControl.Firewall, OutboundControl.Open]) {
            const said = await warningsOf(() => new EgressNetwork("net", { ...good, outboundControl }));
            if (outboundControl === OutboundControl.Nsg) {
                assert.equal(said.length, 1);
                assert.match(said[0], /outside Microsoft's guidance/);
                assert.match(said[0], /registries outside of Azure, package mirrors, NTP, .* stop working/);
            } else {
                assert.deepEqual(said, [], outboundControl);
            }
        }
    });

    it("has a security group on each subnet but the firewall's, and lets calls from outside into a public API server's alone", async () => {
        for (const [publicApiServer, sources] of [
            [undefined, ["Internet"]],
            [true, ["Internet"]],
            [false, []],
        ] as const) {
            const { recorder, subnet } = await make({ ...good, publicApiServer });
            for (const name of ["node", "egress", "api-server"]) {
                assert.equal(subnet(name).networkSecurityGroup?.id, `net-${name}-rules-id`, name);
            }
            assert.equal(subnet("firewall").networkSecurityGroup, undefined);
            const rules = recorder.named("net-api-server-rules").inputs.securityRules as Record<string, string>[];
            assert.deepEqual(
                rules.map(({ sourceAddressPrefix }) => sourceAddressPrefix),
                sources,
            );
        }
    });

    it("holds nothing back where it is open", async () => {
        const { recorder, subnet } = await make({ ...good, outboundControl: OutboundControl.Open });
        assert.deepEqual(recorder.named("net-node-rules").inputs.securityRules, []);
        assert.equal(subnet("node").routeTable, undefined);
        assert.deepEqual(
            recorder.ofType("azure-native:network:Subnet").map(({ name }) => name),
            ["net-node-subnet", "net-egress-subnet", "net-api-server-subnet"],
        );
    });

    it("leaves the prefix to who takes it", async () => {
        const { recorder, subnet } = await make({ ...good, outboundControl: OutboundControl.Open, natGateway: false });
        assert.deepEqual(recorder.ofType("azure-native:network:NatGateway"), []);
        assert.equal(subnet("egress").natGateway, undefined);
        assert.equal(recorder.ofType("azure-native:network:PublicIPPrefix").length, 1);
    });

    it("asks for no zones in a region without", async () => {
        const { recorder } = await make({ ...good, zones: [] });
        for (const name of ["net-egress-prefix", "net-firewall", "net-firewall-address"]) {
            assert.equal(recorder.named(name).inputs.zones, undefined, name);
        }
    });

    it("changes one subnet at a time", async () => {
        const { recorder } = await make();
        const subnets = recorder.ofType("azure-native:network:Subnet");
        subnets.slice(1).forEach((subnet, index) => assert.ok(subnet.dependencies.includes(subnets[index].urn)));
    });

    it("puts everything into its own group and under its own name", async () => {
        const { recorder } = await make({ ...good, tags: { team: "payments" } });
        for (const { name, inputs, parent, custom, type } of recorder.resources.filter(({ custom }) => custom)) {
            assert.ok(custom && name.startsWith("net-"), name);
            assert.ok(parent.endsWith("::net"), name);
            if (!type.endsWith(":ResourceGroup")) {
                assert.equal(inputs.resourceGroupName, recorder.named("net-network").inputs.resourceGroupName, name);
            }
        }
        assert.deepEqual(recorder.named("net-firewall").inputs.tags, { team: "payments" });
        assert.equal(
            [...recorder.outputs.values()].reduce((a, b) => a + b, 0),
            2,
            "the stack's and the component's",
        );
    });

    it("leaves from a zone-redundant gateway and prefix, unless it is told otherwise", async () => {
        const product = async (args: Partial<EgressNetworkArgs>) => {
            const { recorder } = await make({ ...good, ...args });
            return ["net-egress-prefix", "net-nat-gateway"].map(
                (name) => (recorder.named(name).inputs.sku as { name: string }).name,
            );
        };
        assert.deepEqual(await product({}), ["StandardV2", "StandardV2"]);
        assert.deepEqual(await product({ egressSku: "standard" }), ["Standard", "Standard"]);
    });

    it("uses the group, the network and the route tables that exist already, and connects it with a hub", async () => {
        const provider = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network";
        const { recorder, network, subnet } = await make({
            ...good,
            resourceGroupName: "rg-aks",
            virtualNetworkId: `${provider}/virtualNetworks/spoke`,
            outboundControl: OutboundControl.Routes,
            routeTables: { nodes: `${provider}/routeTables/n`, egress: `${provider}/routeTables/e` },
            peerings: [{ name: "hub", virtualNetworkId: `${provider}/virtualNetworks/hub` }],
        });
        for (const type of ["resources:ResourceGroup", "network:VirtualNetwork", "network:RouteTable"]) {
            assert.deepEqual(recorder.ofType(`azure-native:${type}`), []);
        }
        assert.equal(subnet("node").routeTable?.id, `${provider}/routeTables/n`);
        assert.equal(subnet("egress").routeTable?.id, `${provider}/routeTables/e`);
        const { inputs } = recorder.named("net-node-subnet");
        assert.deepEqual([inputs.resourceGroupName, inputs.virtualNetworkName], ["hub", "spoke"]);
        assert.equal(recorder.named("net-egress-prefix").inputs.resourceGroupName, "rg-aks");
        const peering = recorder.named("net-hub-peering").inputs;
        assert.deepEqual(peering.remoteVirtualNetwork, { id: `${provider}/virtualNetworks/hub` });
        assert.equal(await valueOf(network.virtualNetworkId), `${provider}/virtualNetworks/spoke`);
    });

    it("locks the prefix where it is asked to", async () => {
        const lock = async (deleteLock?: boolean) =>
            (await make({ ...good, deleteLock })).recorder
                .ofType("azure-native:authorization:ManagementLockByScope")
                .map(({ inputs }) => [inputs.scope, inputs.level]);
        assert.deepEqual(await lock(), []);
        assert.deepEqual(await lock(true), [["net-egress-prefix-id", "CanNotDelete"]]);
    });

    it("makes nothing where the subnets exist already", async () => {
        const vnet = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke";
        const existingSubnets = {
            nodes: `${vnet}/subnets/nodes`,
            egress: `${vnet}/subnets/egress`,
            apiServer: `${vnet}/subnets/api`,
            egressPrefix: "198.51.100.0/30",
        };
        const { recorder, network } = await make({ ...good, existingSubnets, outboundControl: OutboundControl.Routes });
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom).map(({ name }) => name),
            ["net-group"],
        );
        assert.equal(await valueOf(network.egressSubnetId), existingSubnets.egress);
        assert.equal(await valueOf(network.egressPrefix), "198.51.100.0/30");
        assert.equal(await valueOf(network.virtualNetworkId), vnet);
        assert.deepEqual(await valueOf(network.routeTableIds), []);
    });

    it("holds the egress nodes to the partners' addresses and ports", async () => {
        const { recorder } = await make({ ...good, partnerRanges: ["192.0.2.0/24"], partnerPorts: [8443] });
        const rules = JSON.stringify(recorder.named("net-egress-rules").inputs.securityRules);
        assert.match(rules, /"destinationAddressPrefix":"192\.0\.2\.0\/24","destinationPortRange":"8443"/);
        assert.match(rules, /"deny-internet"/);
    });

    it("refuses bad arguments before anything is registered", async () => {
        const bad = { ...good, addressSpace: "10.64.0.0/24", subnets: { firewall: "10.64.0.0/27" } };
        for (const preview of [true, false]) {
            assert.deepEqual(await refusedPaths(() => new EgressNetwork("net", bad), { preview }), [
                "addressSpace",
                "subnets.firewall",
                "subnets.firewall",
            ]);
        }
    });
});
