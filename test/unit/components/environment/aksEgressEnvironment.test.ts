import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AksEgressEnvironment, AksEgressEnvironmentArgs } from "../../../../components";
import { pullHosts } from "../../../../plan/azure/imageHosts";
import { record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";
import { ADMIN_GROUP } from "../../../support/stacks";

const pool = { vmSize: "Standard_D4ds_v5", minNodes: 2 };
const good: AksEgressEnvironmentArgs = {
    azure: {
        location: "westeurope",
        adminGroup: ADMIN_GROUP,
        network: { connectedElsewhere: true },
        cluster: { kubernetesVersion: "1.35", systemPool: pool, egressPool: pool },
        partner: { zoneName: "partner.test", hosts: ["mtls.partner.test"] },
    },
    mesh: { charts: { repository: "https://charts.test" } },
    routes: [{ name: "partner", hosts: ["mtls.partner.test"], allowFrom: [{ namespace: "payments" }] }],
};

async function make(args: Partial<AksEgressEnvironmentArgs> = {}, preview = false) {
    const recorder = await record({ preview });
    const environment = await run(recorder, () => new AksEgressEnvironment("env", { ...good, ...args }));
    return { recorder, environment };
}

describe("AksEgressEnvironment", function () {
    this.timeout(60_000);

    for (const preview of [true, false]) {
        it(`makes everything below itself, under names that begin with its own (${preview ? "preview" : "update"})`, async () => {
            const { recorder } = await make({}, preview);
            const [own] = recorder.ofType("mesh-egress:index:AksEgressEnvironment");
            for (const { name, parent } of recorder.resources.filter((resource) => resource !== own)) {
                assert.ok(name.startsWith("env"), name);
                assert.notEqual(parent, "", `${name} has a parent`);
            }
            const parts = recorder.resources.filter(({ parent }) => parent === own.urn).map(({ name }) => name);
            assert.deepEqual(parts.sort(), [
                "env",
                "env-aks",
                "env-cluster",
                "env-egress-nodes",
                "env-egress-nodes-binding",
                "env-network",
                "env-network-firewall-logs",
                "env-partner",
                "env-partner",
                "env-partner-address",
                "env-partner-dns",
            ]);
            assert.equal(recorder.outputs.get(own.urn), 1);
        });
    }

    it("takes nodes and network from one configuration: routes only with a firewall", async () => {
        const outboundType = async (outboundControl?: "open") => {
            const { recorder } = await make({
                azure: { ...good.azure, network: { outboundControl, connectedElsewhere: true } },
            });
            return (recorder.named("env-aks-cluster").inputs.networkProfile as { outboundType: string }).outboundType;
        };
        assert.equal(await outboundType(), "userDefinedRouting");
        assert.equal(await outboundType("open"), "loadBalancer");
    });

    it("verifies the partner's machine by the partner's own CA, also where the route's is undefined", async () => {
        const { recorder } = await make({ routes: [{ ...good.routes[0], serverCa: undefined }] });
        const secret = recorder.named("env-partner-credential-secret").inputs;
        const root = recorder.resources.find(({ name }) => name === "env-partner-root-1");
        assert.ok(root, "the partner has a CA of its own");
        assert.match(JSON.stringify(secret), /ca\.crt/);
    });

    it("makes a secret of the kubeconfig, and keeps no key among its arguments", async () => {
        const { environment } = await make();
        assert.equal(await pulumi.isSecret(environment.kubeconfig), true);
        const withKey = {
            ...good.routes[0],
            certificate: unknownOutput<string>(),
            privateKey: unknownOutput<string>(),
        };
        const { recorder } = await make({ routes: [withKey] }, true);
        const [{ inputs }] = recorder.ofType("mesh-egress:index:AksEgressEnvironment");
        assert.equal("privateKey" in (inputs.routes as object[])[0], false);
    });

    it("keeps other pods off the egress nodes, except in namespaces that run the cluster, the mesh and the gateway, or are named", async () => {
        const { recorder } = await make({
            azure: { ...good.azure, egressNodeNamespaces: ["monitoring"] },
            gateway: { namespace: "exit" },
        });
        const { spec } = recorder.named("env-egress-nodes-binding").inputs as { spec: object };
        assert.deepEqual(spec, {
            policyName: "env-egress-nodes",
            validationActions: ["Deny"],
            matchResources: {
                namespaceSelector: {
                    matchExpressions: [
                        {
                            key: "kubernetes.io/metadata.name",
                            operator: "NotIn",
                            values: [
                                "calico-system",
                                "exit",
                                "istio-system",
                                "kube-system",
                                "monitoring",
                                "tigera-operator",
                            ],
                        },
                    ],
                },
            },
        });
    });

    it("refuses names and addresses of examples anywhere, before anything is registered", async () => {
        const bad: [Partial<AksEgressEnvironmentArgs>, string][] = [
            [{ routes: [{ ...good.routes[0], clientName: "payments.example" }] }, "routes[0].clientName"],
            [
                { azure: { ...good.azure, network: { ...good.azure.network, allowedFqdns: ["registry.example"] } } },
                "azure.network.allowedFqdns[0]",
            ],
            [{ mesh: { ...good.mesh, hub: "mirror.example.com/istio" } }, "mesh.hub"],
            [{ routes: [{ ...good.routes[0], address: "203.0.113.7" }] }, "routes[0].address"],
        ];
        for (const [change, path] of bad) {
            const paths = await refusedPaths(() => new AksEgressEnvironment("env", { ...good, ...change }));
            assert.equal(paths[0], path);
        }
    });

    it("refuses images that its nodes cannot pull, by the option that decides them", async () => {
        const { azure, routes } = good;
        const images = {
            mesh: {},
            probe: { namespace: "payments" },
            server: { hosts: ["other.test"] },
            lockdown: {
                namespaces: ["payments"],
                policyEngine: "cilium" as const,
                gatewayEgress: [{ internet: true }],
                imageRegistries: ["contoso.azurecr.io"],
            },
        };
        const refused = (change: Partial<AksEgressEnvironmentArgs>) =>
            refusedPaths(() => new AksEgressEnvironment("env", { azure, routes, ...change }));
        assert.deepEqual(await refused(images), ["mesh.hub", "lockdown.checkImage", "probe.image", "server.image"]);
        const network = { connectedElsewhere: true, allowedFqdns: [...pullHosts("docker.io/istio")] };
        await make({ ...images, azure: { ...azure, network } });
    });

    it("has its metrics and alerts in Azure's managed Prometheus, where the cluster has it", async () => {
        const alerts = {
            actionGroupIds: ["/subscriptions/s/resourceGroups/m/providers/Microsoft.Insights/actionGroups/a"],
        };
        const azure = { ...good.azure, cluster: { ...good.azure.cluster, managedPrometheus: {} } };
        const { recorder } = await make({ azure, metrics: {}, alerts });
        assert.match(recorder.named("env-metrics-monitor").type, /azmonitoring\.coreos\.com\/v1:PodMonitor$/);
        const groups = recorder.ofType("azure-native:alertsmanagement:PrometheusRuleGroup");
        assert.ok(groups.length > 0);
        const workspace = recorder.ofType("azure-native:monitor:AzureMonitorWorkspace")[0];
        assert.ok(groups.every(({ dependencies }) => dependencies.includes(workspace.urn)));
        assert.deepEqual(
            recorder.resources.filter(({ type }) => type.endsWith(":PrometheusRule")),
            [],
        );
        const paths = (args: Partial<AksEgressEnvironmentArgs>) =>
            refusedPaths(() => new AksEgressEnvironment("env", { ...good, ...args }));
        assert.deepEqual(await paths({ metrics: {}, alerts }), ["alerts.actionGroupIds"]);
        assert.deepEqual(await paths({ azure, metrics: {}, alerts: { labels: { a: "b" } } }), ["alerts.labels"]);
        const own = { operator: "prometheus" as const };
        assert.deepEqual(await paths({ azure, metrics: own, alerts }), ["alerts.actionGroupIds"]);
    });

    it("creates nothing in the cluster before its first objects, which wait for the administrators' role", async () => {
        const { recorder } = await make();
        const { urn } = recorder.named("env-egress-nodes-binding");
        const others = recorder.resources.filter(
            ({ type, name }) => type.startsWith("kubernetes:") && !name.startsWith("env-egress-nodes"),
        );
        assert.ok(others.length > 10);
        for (const { name, dependencies } of others) {
            assert.ok(dependencies.includes(urn), name);
        }
    });

    it("needs no partner", async () => {
        const { recorder, environment } = await make({
            azure: { ...good.azure, partner: undefined },
            routes: [{ ...good.routes[0], serverCa: "ca" }],
        });
        assert.deepEqual(recorder.ofType("azure-native:compute:VirtualMachine"), []);
        assert.deepEqual(await valueOf(environment.nameServers), []);
    });

    it("refuses what any part refuses, by the path in its arguments, before anything is registered", async () => {
        const { azure } = good;
        const bad: [Partial<AksEgressEnvironmentArgs>, string[]][] = [
            [{ azure: { ...azure, adminGroup: "me" } }, ["azure.adminGroup"]],
            [{ azure: { ...azure, egressNodeNamespaces: ["ok", "Not"] } }, ["azure.egressNodeNamespaces[1]"]],
            [{ azure: { ...azure, network: {} } }, ["azure.cluster.access"]],
            [{ azure: { ...azure, network: { addressSpace: "10.0.0.0/30" } } }, ["azure.network.addressSpace"]],
            [{ azure: { ...azure, partner: undefined } }, ["routes[0].serverCa"]],
            [{ routes: [{ ...good.routes[0], hosts: ["mtls.partner.test", "other.test"] }] }, ["routes[0].serverCa"]],
        ];
        for (const [change, paths] of bad) {
            const found = await refusedPaths(() => new AksEgressEnvironment("env", { ...good, ...change }));
            assert.deepEqual([...new Set(found)].slice(0, paths.length), paths);
        }
    });
});
