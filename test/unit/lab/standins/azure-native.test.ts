import assert from "node:assert/strict";
import { AzureStandIn } from "../../../../lab/standins/azure-native/provider";
import { type Properties, Secret, type Value, Unknown, unknown } from "../../../../lab/standins/shared/values";

const standIn = new AzureStandIn("0.0.0");
const urn = "urn:pulumi:s::p::t::n";

function request(type: string) {
    return { urn, type: `azure-native:${type}` };
}

async function make(type: string, inputs: Properties, preview = false) {
    return standIn.create({ ...request(type), inputs, preview, timeoutSeconds: 0 });
}

async function replaced(type: string, before: Properties, after: Properties) {
    const { changes } = await standIn.diff({
        ...request(type),
        id: "x",
        oldInputs: before,
        oldOutputs: before,
        news: after,
        ignoreChanges: [],
    });
    return Object.fromEntries(Object.entries(changes).map(([path, { replace }]) => [path, replace]));
}

const prefix = { resourceGroupName: "group", publicIpPrefixName: "exit", location: "westeurope", prefixLength: 30 };
const cluster: Properties = {
    resourceGroupName: "group",
    resourceName: "cluster",
    location: "westeurope",
    kubernetesVersion: "1.34",
    oidcIssuerProfile: { enabled: true },
    networkProfile: { podCidr: "10.244.0.0/16" },
    agentPoolProfiles: [{ name: "system", count: 2, vnetSubnetID: "a" }],
};

describe("the stand-in for azure-native", () => {
    it("gives a resource the id and the outputs that ARM would", async () => {
        const { id, outputs } = await make("network:PublicIPPrefix", prefix);
        assert.match(
            id,
            /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/group\/providers\/Microsoft.Network\/publicIPPrefixes\/exit$/,
        );
        assert.equal(outputs["ipPrefix"], "198.51.100.0/30");
        assert.equal(outputs["name"], "exit");
        assert.deepEqual(await make("network:PublicIPPrefix", prefix), { id, outputs }, "the same in every run");
    });

    it("does not know in a preview what only Azure decides, and knows the rest", async () => {
        const { id, outputs } = await make("containerservice:ManagedCluster", cluster, true);
        assert.equal(id, "");
        assert.ok(outputs["name"] instanceof Unknown);
        assert.ok(outputs["nodeResourceGroup"] instanceof Unknown);
        const issuer = outputs["oidcIssuerProfile"] as Properties;
        assert.ok(issuer["issuerURL"] instanceof Unknown);
        assert.equal(issuer["enabled"], true);
        assert.equal(outputs["kubernetesVersion"], "1.34");
    });

    it("previews a resource whose group is not known yet", async () => {
        const { outputs } = await make("network:PublicIPPrefix", { ...prefix, resourceGroupName: unknown }, true);
        assert.ok(outputs["ipPrefix"] instanceof Unknown);
    });

    const changes: [what: string, after: Properties, expected: Record<string, boolean>][] = [
        ["updates the version of a cluster", { kubernetesVersion: "1.35" }, { kubernetesVersion: false }],
        ["replaces a cluster that moves", { location: "northeurope" }, { location: true }],
        [
            "replaces a cluster whose pods get other addresses",
            { networkProfile: { podCidr: "10.245.0.0/16" } },
            { "networkProfile.podCidr": true },
        ],
        [
            "sends another size or subnet of a pool as an update, which ARM refuses",
            { agentPoolProfiles: [{ name: "system", count: 3, vnetSubnetID: "b" }] },
            { "agentPoolProfiles[0].count": false, "agentPoolProfiles[0].vnetSubnetID": false },
        ],
        ...["networkPolicy", "networkDataplane", "networkPluginMode", "outboundType"].map(
            (property): [string, Properties, Record<string, boolean>] => [
                `replaces a cluster with another ${property}`,
                { networkProfile: { podCidr: "10.244.0.0/16", [property]: "other" } },
                { [`networkProfile.${property}`]: true },
            ],
        ),
        ["replaces a cluster with another name", { resourceName: "other" }, { resourceName: true }],
    ];
    for (const [what, after, expected] of changes) {
        it(what, async () => {
            const found = await replaced("containerservice:ManagedCluster", cluster, { ...cluster, ...after });
            assert.deepEqual(found, expected);
        });
    }

    it("refuses to change the size of a pool in its cluster, as ARM does", async () => {
        const resized = {
            ...cluster,
            agentPoolProfiles: [{ name: "system", count: 2, vnetSubnetID: "a", vmSize: "big" }],
        };
        const update = standIn.update({
            ...request("containerservice:ManagedCluster"),
            id: "x",
            oldInputs: cluster,
            oldOutputs: cluster,
            news: resized,
            preview: false,
            timeoutSeconds: 0,
        });
        await assert.rejects(update, /PropertyChangeNotAllowed.*agentPoolProfiles\[0\]\.vmSize/);
    });

    it("refuses a cluster whose identity lacks a role on the kubelet identity, the private zone or the network, as AKS does", async () => {
        const azure = new AzureStandIn("0.0.0");
        const create = async (type: string, inputs: Properties) =>
            azure.create({ ...request(type), inputs, preview: false, timeoutSeconds: 0 });
        const identity = (resourceName: string) =>
            create("managedidentity:UserAssignedIdentity", { resourceGroupName: "group", resourceName });
        const [own, kubelet] = [await identity("own"), await identity("kubelet")];
        const withKubelet: Properties = {
            ...cluster,
            identity: { userAssignedIdentities: [own.id] },
            identityProfile: { kubeletidentity: { resourceId: kubelet.id } },
        };
        const role = (principalId: Value) => ({
            scope: kubelet.id,
            principalId,
            roleAssignmentName: principalId,
            roleDefinitionId: "/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830",
        });
        const missing = /CustomKubeletIdentityMissingPermissionError/;
        await assert.rejects(create("containerservice:ManagedCluster", withKubelet), missing);
        await create("authorization:RoleAssignment", role(kubelet.outputs["principalId"]));
        await assert.rejects(create("containerservice:ManagedCluster", withKubelet), missing, "the role is another's");
        await create("authorization:RoleAssignment", { ...role(own.outputs["principalId"]), scope: own.id });
        await assert.rejects(create("containerservice:ManagedCluster", withKubelet), missing, "on something else");
        await create("authorization:RoleAssignment", role(own.outputs["principalId"]));
        await create("containerservice:ManagedCluster", withKubelet);

        const inZone: Properties = {
            ...withKubelet,
            apiServerAccessProfile: { privateDNSZone: "/zone" },
            agentPoolProfiles: [{ name: "system", vnetSubnetID: "/network/subnets/nodes" }],
        };
        const more = (scope: string, id: string) =>
            create("authorization:RoleAssignment", {
                ...role(own.outputs["principalId"]),
                scope,
                roleDefinitionId: `/roleDefinitions/${id}`,
            });
        await assert.rejects(
            create("containerservice:ManagedCluster", inZone),
            /CustomPrivateDNSZoneMissingPermission/,
        );
        await more("/zone", "b12aa53e-6015-4669-85d0-8515ebb3ae7f");
        await assert.rejects(create("containerservice:ManagedCluster", inZone), /LinkFailed.* role on \/network/);
        await more("/network", "4d97b98b-1d4f-4787-a291-c67834d212e7");
        await create("containerservice:ManagedCluster", inZone);
    });

    it("gives a NAT gateway no prefix of another SKU", async () => {
        const azure = new AzureStandIn("0.0.0");
        const create = async (type: string, inputs: Properties) =>
            azure.create({ ...request(type), inputs, preview: false, timeoutSeconds: 0 });
        const { id } = await create("network:PublicIPPrefix", { ...prefix, sku: { name: "Standard" } });
        const gateway = (name: string) =>
            create("network:NatGateway", {
                resourceGroupName: "group",
                natGatewayName: "exit",
                sku: { name },
                publicIpPrefixes: [{ id }],
            });
        await assert.rejects(gateway("StandardV2"), /SKU StandardV2 cannot use .*publicIPPrefixes\/exit/);
        await gateway("Standard");
    });

    it("lets an identity that only reads change nothing, and refuses a provider that is not registered", async () => {
        const inEnvironment = async (name: string, value: string, work: (azure: AzureStandIn) => Promise<void>) => {
            process.env[name] = value;
            try {
                await work(new AzureStandIn("0.0.0"));
            } finally {
                delete process.env[name];
            }
        };
        const asked = { ...request("network:PublicIPPrefix"), timeoutSeconds: 0, preview: false };
        const olds = { id: "x", oldInputs: prefix, oldOutputs: prefix };
        await inEnvironment("MESH_EGRESS_AKS_READER", "nightly", async (azure) => {
            const denied = (verb: string) =>
                new RegExp(`AuthorizationFailed.*Microsoft\\.Network/publicIPPrefixes/${verb}'`);
            await assert.rejects(async () => azure.create({ ...asked, inputs: prefix }), denied("write"));
            await assert.rejects(async () => azure.update({ ...asked, ...olds, news: prefix }), denied("write"));
            const gone = { ...asked, id: "x", inputs: prefix, outputs: prefix };
            await assert.rejects(async () => azure.delete(gone), denied("delete"));
            await azure.update({ ...asked, ...olds, news: prefix, preview: true });
            const who = async (one: AzureStandIn) =>
                (await one.invoke({ token: "azure-native:authorization:getClientConfig", args: {} }))["objectId"];
            assert.notEqual(await who(azure), await who(standIn));
        });
        await inEnvironment("MESH_EGRESS_AKS_REGISTERED", "Microsoft.Compute", async (azure) => {
            const unregistered = /MissingSubscriptionRegistration.*'Microsoft\.Network'/;
            await assert.rejects(async () => azure.create({ ...asked, inputs: prefix }), unregistered);
            const group = { resourceGroupName: "group", location: "westeurope" };
            await azure.create({ ...asked, ...request("resources:ResourceGroup"), inputs: group });
        });
    });

    it("denies to delete a secret of a vault, as Azure does for an identity without a data-plane role", async () => {
        const gone = (type: string) =>
            standIn.delete({ ...request(type), id: "x", inputs: {}, outputs: {}, timeoutSeconds: 0 });
        await assert.rejects(gone("keyvault:Secret"), /403/);
        await gone("keyvault:Vault");
    });

    it("names what has no name, in an update as in the preview before", async () => {
        const check = (type: string, news: Properties, olds: Properties = {}) =>
            standIn.check({ ...request(type), name: "net", olds, news, randomSeed: new Uint8Array([1]) });
        const first = await check("network:VirtualNetwork", { resourceGroupName: "group" });
        assert.match(first.inputs["virtualNetworkName"] as string, /^net-[0-9a-f]{8}$/);
        const news = { resourceGroupName: "group" };
        assert.deepEqual((await check("network:VirtualNetwork", news, first.inputs)).inputs, first.inputs);
        const role = await check("authorization:RoleAssignment", { scope: "/x" });
        assert.match(role.inputs["roleAssignmentName"] as string, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });

    it("refuses what it does not know, and what lacks a part of its path", async () => {
        await assert.rejects(async () => make("network:Bastion", {}), /has no azure-native:network:Bastion/);
        const { failures } = await standIn.check({
            ...request("network:Subnet"),
            name: "n",
            olds: {},
            news: { resourceGroupName: "g" },
            randomSeed: new Uint8Array(),
        });
        assert.deepEqual(
            failures?.map(({ property }) => property),
            ["virtualNetworkName"],
        );
    });

    it("keeps secret what is secret, and never gives a vault's secret back", async () => {
        const inputs: Properties = {
            resourceGroupName: "group",
            vaultName: "vault",
            secretName: "key",
            properties: { value: new Secret("hush"), contentType: "text" },
        };
        const { outputs } = await make("keyvault:Secret", inputs);
        const hidden = JSON.stringify(outputs, (_, value: Value) => (value instanceof Secret ? "[secret]" : value));
        assert.doesNotMatch(hidden, /hush/);
    });

    it("answers the two functions that the package calls", async () => {
        const config = await standIn.invoke({ token: "azure-native:authorization:getClientConfig", args: {} });
        assert.match(config["tenantId"] as string, /^[0-9a-f-]{36}$/);
        const { kubeconfigs } = await standIn.invoke({
            token: "azure-native:containerservice:listManagedClusterUserCredentials",
            args: { resourceName: "cluster" },
        });
        const [{ value }] = kubeconfigs as { value: string }[];
        assert.match(Buffer.from(value, "base64").toString(), /"kubelogin"/);
    });
});
