import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    AksCluster,
    AksClusterArgs,
    ApiServerAccess,
    ClusterTier,
    KubeconfigLogin,
    AksPolicyEngine,
    NodeOsUpgradeChannel,
} from "../../../../components";
import { aksClusterArgs } from "../../../support/aks";
import { Recorder, record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";

const good = aksClusterArgs;
const { systemPool: pool } = good;
const addon = { revision: "asm-1-30", egressPrefixId: "/prefix" };

async function make(args: Partial<AksClusterArgs> = {}, preview = false) {
    const recorder = await record({ preview });
    const aks = await run(recorder, () => new AksCluster("aks", { ...good, ...args }));
    return { recorder, aks, cluster: recorder.named("aks-cluster").inputs };
}

function part(inputs: Record<string, unknown>, name: string): Record<string, unknown> {
    return inputs[name] as Record<string, unknown>;
}

function rolesOf(recorder: Recorder): [scope: unknown, role: unknown][] {
    return recorder
        .ofType("azure-native:authorization:RoleAssignment")
        .map(({ inputs }) => [inputs.scope, String(inputs.roleDefinitionId).split("/").pop()]);
}

const NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b";

describe("AksCluster", () => {
    for (const preview of [true, false]) {
        it(`has the system pool in the cluster, and the others apart (${preview ? "preview" : "update"})`, async () => {
            const { recorder, cluster } = await make({}, preview);
            const [system, ...others] = cluster.agentPoolProfiles as Record<string, unknown>[];
            assert.deepEqual(others, []);
            assert.equal(system.mode, "System");
            assert.equal(system.vnetSubnetID, "/nodes");
            assert.deepEqual(system.nodeTaints, ["CriticalAddonsOnly=true:NoSchedule"]);
            const apps = recorder.named("aks-apps-pool").inputs;
            assert.deepEqual(
                [apps.mode, apps.vnetSubnetID, apps.enableAutoScaling, apps.minCount, apps.maxCount],
                ["User", "/nodes", true, 2, 6],
            );
        });

        it(`gives the egress pool a subnet, a label and a taint of its own (${preview ? "preview" : "update"})`, async () => {
            const { inputs } = (await make({}, preview)).recorder.named("aks-egress-pool");
            assert.equal(inputs.vnetSubnetID, "/egress");
            assert.deepEqual(inputs.nodeLabels, { "mesh-egress/pool": "egress" });
            assert.deepEqual(inputs.nodeTaints, ["mesh-egress/pool=egress:NoSchedule"]);
            assert.deepEqual(inputs.availabilityZones, ["1", "2", "3"]);
            assert.deepEqual([inputs.count, inputs.enableAutoScaling, inputs.minCount], [2, false, undefined]);
        });

        it(`enforces network policies, on Cilium's data plane (${preview ? "preview" : "update"})`, async () => {
            const profile = part((await make({}, preview)).cluster, "networkProfile");
            assert.deepEqual(profile, {
                networkPlugin: "azure",
                networkPluginMode: "overlay",
                networkDataplane: "cilium",
                networkPolicy: "cilium",
                podCidr: "10.244.0.0/16",
                serviceCidr: "10.0.0.0/16",
                dnsServiceIP: "10.0.0.10",
                loadBalancerSku: "standard",
                outboundType: "loadBalancer",
            });
        });

        it(`knows the users of Entra ID only (${preview ? "preview" : "update"})`, async () => {
            const { cluster } = await make({}, preview);
            assert.deepEqual(cluster.aadProfile, { managed: true, enableAzureRBAC: true });
            assert.equal(cluster.disableLocalAccounts, true);
            assert.equal(cluster.enableRBAC, true);
        });

        it(`issues identities to workloads, and watches itself (${preview ? "preview" : "update"})`, async () => {
            const { recorder, cluster } = await make({}, preview);
            assert.deepEqual(cluster.oidcIssuerProfile, { enabled: true });
            assert.deepEqual(cluster.securityProfile, {
                workloadIdentity: { enabled: true },
                imageCleaner: { enabled: true, intervalHours: 168 },
            });
            assert.ok(recorder.named("aks-cluster").dependencies.includes(recorder.named("aks-logs").urn));
            const logs = recorder.named("aks-control-plane-logs").inputs.logs as { category: string }[];
            assert.ok(logs.some(({ category }) => category === "kube-audit-admin"));
            assert.ok(recorder.named("aks-container-logs"));
        });
    }

    it("moves the version of all pools with the cluster's", async () => {
        const { recorder, cluster } = await make({ kubernetesVersion: "1.35.1" });
        assert.equal(cluster.kubernetesVersion, "1.35.1");
        const pools = recorder.ofType("azure-native:containerservice:AgentPool").map(({ inputs }) => inputs);
        const all = [...(cluster.agentPoolProfiles as Record<string, unknown>[]), ...pools];
        assert.deepEqual(
            all.map(({ orchestratorVersion }) => orchestratorVersion),
            ["1.35.1", "1.35.1", "1.35.1"],
        );
    });

    it("upgrades by itself what does not fight with the stack, on Sundays", async () => {
        const { recorder, cluster } = await make();
        assert.deepEqual(cluster.autoUpgradeProfile, {
            upgradeChannel: "patch",
            nodeOSUpgradeChannel: "NodeImage",
        });
        const maintenanceWindow = {
            schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
            startTime: "02:00",
            durationHours: 4,
            utcOffset: "+00:00",
        };
        for (const [name, configName] of [
            ["cluster", "aksManagedAutoUpgradeSchedule"],
            ["nodes", "aksManagedNodeOSUpgradeSchedule"],
        ]) {
            const { inputs } = recorder.named(`aks-${name}-maintenance`);
            assert.deepEqual([inputs.configName, inputs.maintenanceWindow], [configName, maintenanceWindow]);
        }
        const pinned = await make({
            kubernetesVersion: "1.36.2",
            nodeOsUpgradeChannel: NodeOsUpgradeChannel.NodeImage,
        });
        assert.deepEqual(pinned.cluster.autoUpgradeProfile, {
            upgradeChannel: "none",
            nodeOSUpgradeChannel: "NodeImage",
        });
    });

    it("gives its identity a role on its subnets and nothing else, before it is made", async () => {
        const { recorder, cluster } = await make();
        assert.deepEqual(rolesOf(recorder), [
            ["/nodes", NETWORK_CONTRIBUTOR],
            ["/egress", NETWORK_CONTRIBUTOR],
            ["/api-server", NETWORK_CONTRIBUTOR],
            ["aks-kubelet-identity-id", MANAGED_IDENTITY_OPERATOR],
        ]);
        const { dependencies } = recorder.named("aks-cluster");
        for (const { urn } of recorder.ofType("azure-native:authorization:RoleAssignment")) {
            assert.ok(dependencies.includes(urn));
        }
        assert.deepEqual(cluster.identity, { type: "UserAssigned", userAssignedIdentities: ["aks-identity-id"] });
    });

    it("gives its identity a role on the whole network only where AKS links a private zone with it", async () => {
        const scopes = async (args: Partial<AksClusterArgs>) => {
            const nodeSubnetId = "/networks/spoke/subnets/nodes";
            return rolesOf((await make({ ...args, nodeSubnetId })).recorder).map(([scope]) => scope);
        };
        const privateDnsZoneId =
            "/subscriptions/0/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/p.test";
        assert.ok((await scopes({ existingNetwork: true })).includes("/networks/spoke"));
        assert.ok((await scopes({ privateDnsZoneId })).includes("/networks/spoke"));
        for (const args of [{}, { existingNetwork: true, access: ApiServerAccess.Open }]) {
            assert.ok(!(await scopes(args)).includes("/networks/spoke"));
        }
    });

    it("leaves by the routes where there are some", async () => {
        const { recorder, cluster } = await make({ routeTableIds: ["/node-routes", "/egress-routes"] });
        assert.equal(part(cluster, "networkProfile").outboundType, "userDefinedRouting");
        assert.deepEqual(
            rolesOf(recorder).map(([scope]) => scope),
            ["/nodes", "/egress", "/api-server", "/node-routes", "/egress-routes", "aks-kubelet-identity-id"],
        );
    });

    it("lets those be administrators who are named", async () => {
        const [alice, bob] = ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3f2504e0-4f89-41d3-9a0c-0305e82c3302"];
        const { recorder } = await make({ clusterAdmins: [alice, bob, alice.toUpperCase()] });
        const admins = recorder.resources.filter(({ name }) => name.startsWith("aks-admin-"));
        assert.deepEqual(
            admins.map(({ name, inputs }) => [name, inputs.principalId, inputs.scope]),
            [
                [`aks-admin-${alice}`, alice, "aks-cluster-id"],
                [`aks-admin-${bob}`, bob, "aks-cluster-id"],
            ],
        );
        assert.ok(rolesOf(recorder).some(([, role]) => role === CLUSTER_ADMIN));
    });

    it("pulls images with an identity of its own, which has its role on each registry before there is a node", async () => {
        const registry = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme1";
        const { recorder, aks, cluster } = await make({ registryIds: [registry] });
        const role = recorder.named("aks-acme1-pull-role");
        assert.deepEqual(
            [role.inputs.scope, String(role.inputs.roleDefinitionId).split("/").pop()],
            [registry, ACR_PULL],
        );
        assert.ok(recorder.named("aks-cluster").dependencies.includes(role.urn));
        const { kubeletidentity } = cluster.identityProfile as Record<string, Record<string, string>>;
        assert.equal(kubeletidentity.resourceId, "aks-kubelet-identity-id");
        assert.equal(kubeletidentity.objectId, await valueOf(aks.kubeletObjectId));
        assert.equal(role.inputs.principalId, kubeletidentity.objectId);
    });

    it("caps what its logs cost, and leaves out the proxies' lines", async () => {
        const { recorder } = await make({ logDailyCapGb: 2 });
        assert.deepEqual(recorder.named("aks-logs").inputs.workspaceCapping, { dailyQuotaGb: 2 });
        const rule = JSON.stringify(recorder.named("aks-container-logs").inputs.dataSources);
        assert.match(rule, /"namespaceFilteringMode":"Exclude".*"istio-egress"/);
        const all = (await make({ logExcludedNamespaces: [] })).recorder.named("aks-container-logs").inputs.dataSources;
        assert.match(JSON.stringify(all), /"namespaceFilteringMode":"Off"/);
    });

    it("is reached from its network, or from the ranges that are named", async () => {
        const profile = { enableVnetIntegration: true, disableRunCommand: true, subnetId: "/api-server" };
        assert.deepEqual((await make()).cluster.apiServerAccessProfile, {
            ...profile,
            enablePrivateCluster: true,
            enablePrivateClusterPublicFQDN: true,
        });
        const access = ApiServerAccess.AuthorizedRanges;
        const { cluster } = await make({ access, authorizedIpRanges: ["203.0.113.0/24"] });
        assert.deepEqual(cluster.apiServerAccessProfile, {
            ...profile,
            enablePrivateCluster: false,
            authorizedIPRanges: ["203.0.113.0/24"],
        });
    });

    it("is what is asked for", async () => {
        const { cluster } = await make({
            tier: ClusterTier.Free,
            localAccounts: true,
            networkPolicy: AksPolicyEngine.Calico,
            userPools: [],
        });
        assert.deepEqual(cluster.sku, { name: "Base", tier: "Free" });
        assert.equal(cluster.disableLocalAccounts, false);
        assert.equal(part(cluster, "networkProfile").networkPolicy, "calico");
        const [system] = cluster.agentPoolProfiles as Record<string, unknown>[];
        assert.equal(system.nodeTaints, undefined, "workloads have no other place to go");
    });

    it("runs the Istio add-on, whose gateway leaves through the egress pool from the network's prefix", async () => {
        const { recorder, cluster } = await make({ addon });
        assert.deepEqual(cluster.serviceMeshProfile, {
            mode: "Istio",
            istio: {
                revisions: ["asm-1-30"],
                components: {
                    egressGateways: [
                        {
                            enabled: true,
                            name: "egress-gateway",
                            namespace: "aks-istio-egress",
                            gatewayConfigurationName: "egress-gateway",
                        },
                    ],
                },
            },
        });
        assert.deepEqual(part(cluster, "networkProfile").staticEgressGatewayProfile, { enabled: true });
        const { inputs } = recorder.named("aks-egress-pool");
        assert.deepEqual([inputs.mode, inputs.gatewayProfile], ["Gateway", { publicIPPrefixSize: 30 }]);
        assert.equal(inputs.nodeTaints, undefined);
        assert.ok(rolesOf(recorder).some(([scope]) => scope === "/prefix"));
    });

    it("gives a kubeconfig that a pipeline can use, a secret", async () => {
        const { aks } = await make({ kubeconfigLogin: KubeconfigLogin.WorkloadIdentity });
        assert.equal(await pulumi.isSecret(aks.kubeconfig), true);
        const config = JSON.parse(await valueOf(aks.kubeconfig)) as { users: { user: { exec: { args: string[] } } }[] };
        assert.deepEqual(config.users[0].user.exec.args.slice(0, 3), ["get-token", "--login", "workloadidentity"]);
    });

    it("does not know in a preview what there is not yet", async () => {
        const { aks } = await make({}, true);
        for (const output of [aks.kubeconfig, aks.clusterName, aks.nodeResourceGroup]) {
            assert.equal(await valueOf<string | undefined>(output), undefined);
        }
        assert.equal(await pulumi.isSecret(aks.kubeconfig), true);
    });

    it("tells its issuer", async () => {
        assert.match(await valueOf((await make()).aks.oidcIssuerUrl), /^https:/);
    });

    it("decrypts etcd with a key of one's own, whose vault its identity has roles on before the cluster", async () => {
        const vault = "/subscriptions/0/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/contoso";
        const etcdKey = {
            keyId: "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef",
            keyVaultId: vault,
        };
        const roles = (recorder: Recorder) =>
            rolesOf(recorder).flatMap(([scope, role]) => (scope === vault ? role : []));
        const { recorder, cluster } = await make({ etcdKey });
        assert.deepEqual(roles(recorder), ["12338af0-0e69-4776-bea7-57ae8d297424"]);
        assert.ok(recorder.named("aks-cluster").dependencies.includes(recorder.named("aks-etcd-key-role").urn));
        assert.equal(part(part(cluster, "securityProfile"), "azureKeyVaultKms").keyId, etcdKey.keyId);
        const hidden = await make({ etcdKey: { ...etcdKey, privateVault: true } });
        assert.equal(roles(hidden.recorder).length, 2);
    });

    it("sends metrics to Azure's managed Prometheus where it is asked to, in a workspace of its own or the given one", async () => {
        const none = await make();
        assert.equal(none.cluster.azureMonitorProfile, undefined);
        assert.equal(await valueOf(none.aks.metricsWorkspaceId), "");

        const own = await make({ managedPrometheus: {} });
        assert.deepEqual(own.cluster.azureMonitorProfile, { metrics: { enabled: true } });
        const ofWorkspace = await valueOf(own.aks.metricsWorkspaceId);
        assert.match(ofWorkspace, /aks-metrics/);
        const rule = own.recorder.named("aks-metrics-rule").inputs;
        assert.deepEqual(rule.destinations, {
            monitoringAccounts: [{ name: "workspace", accountResourceId: ofWorkspace }],
        });
        assert.deepEqual(rule.dataFlows, [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["workspace"] }]);
        const { associationName, resourceUri } = own.recorder.named("aks-metrics-association").inputs;
        assert.equal(associationName, "ContainerInsightsMetricsExtension");
        assert.equal(resourceUri, await valueOf(own.aks.clusterId));

        const workspaceId = "/subscriptions/s/resourceGroups/m/providers/Microsoft.Monitor/accounts/company";
        const given = await make({ managedPrometheus: { workspaceId, workspaceLocation: "northeurope" } });
        assert.deepEqual(given.recorder.ofType("azure-native:monitor:AzureMonitorWorkspace"), []);
        assert.equal(await valueOf(given.aks.metricsWorkspaceId), workspaceId);
        const places = ["aks-metrics-endpoint", "aks-metrics-rule"].map(
            (name) => given.recorder.named(name).inputs.location,
        );
        assert.deepEqual(places, ["northeurope", "northeurope"]);
    });

    it("says where system disks are only where it is asked to, because Azure never moves them", async () => {
        const { recorder } = await make();
        assert.equal("osDiskType" in recorder.named("aks-egress-pool").inputs, false);
        const asked = await make({ egressPool: { ...pool, osDiskType: "ephemeral", osDiskGb: 64 } });
        const { osDiskType, osDiskSizeGB } = asked.recorder.named("aks-egress-pool").inputs;
        assert.deepEqual([osDiskType, osDiskSizeGB], ["Ephemeral", 64]);
    });

    it("changes one part of the cluster at a time", async () => {
        const { recorder } = await make();
        const parts = ["aks-cluster", "aks-apps-pool", "aks-egress-pool", "aks-cluster-maintenance"];
        parts.slice(1).forEach((name, index) => {
            assert.ok(recorder.named(name).dependencies.includes(recorder.named(parts[index]).urn), name);
        });
    });

    it("refuses bad arguments before anything is registered, whether the network is known or not", async () => {
        const bad: AksClusterArgs = {
            ...good,
            nodeSubnetId: unknownOutput(),
            kubernetesVersion: "1.20",
            egressPool: { ...pool, zones: [] },
            authorizedIpRanges: ["203.0.113.0/24"],
        };
        for (const preview of [true, false]) {
            assert.deepEqual(await refusedPaths(() => new AksCluster("aks", bad), { preview }), [
                "kubernetesVersion",
                "authorizedIpRanges",
                "egressPool.zones",
            ]);
        }
    });
});
