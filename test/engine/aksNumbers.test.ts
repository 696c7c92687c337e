import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { AksEgressEnvironment, MeshFlavour } from "../../components";
import { openStack } from "../../lab/engine";
import { RESOURCE_PROVIDERS } from "../../plan/azure/prerequisites";
import type { StackConfig } from "../../stacks/config";
import { deployEnvironment } from "../../stacks/environment";
import { planned } from "../support/azurePart";
import { type EngineSetup, machine } from "../support/machine";
import { onDay } from "../support/onDay";
import { ADMIN_GROUP, MACHINE, stackConfig } from "../support/stacks";
import { memoryPlugins } from "../support/state/memoryPlugins";

const ZONE =
    "/subscriptions/0/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io";
const ANOTHER_ADMIN = "3f2504e0-4f89-41d3-9a0c-0305e82c3302";

interface Made {
    urn: string;
    type: string;
    id?: string;
    inputs: Record<string, unknown>;
    dependencies?: string[];
}

/**
 * Production with a partner's machine, made once by the real engine and the stand-in for azure-native, and then read number by number:
 * the numbers are those of the table in docs/azure.md. What other tests there show is not here.
 */
describe("an environment on Azure, number by number", function () {
    this.timeout(240_000);
    let setup: EngineSetup;
    let folder: string;
    let made: Made[];
    let outputs: OutputMap;

    before(async function () {
        const found = await machine.engine(this);
        // Kubernetes in memory, so that what is in the cluster is made, too.
        setup = { ...found, plugins: await memoryPlugins(found.engine) };
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-numbers-"));
        // A subscription in which only what `mesh-egress azure check` asks for is registered.
        const stack = await open("prod", program(production()), {
            MESH_EGRESS_AKS_REGISTERED: RESOURCE_PROVIDERS.join(","),
        });
        ({ outputs } = await stack.up({ onOutput: ignore }));
        ({ resources: made } = (await stack.exportStack()).deployment as { resources: Made[] });
    });

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    const open = (name: string, work: PulumiFn, env: Record<string, string> = {}): Promise<Stack> =>
        openStack({
            ...setup,
            name,
            project: "numbers",
            program: work,
            stateDir: join(folder, "state"),
            passphrase: "only for this test",
            env: { ...setup.env, ...env },
        });

    const named = (name: string): Made => {
        const found = made.find(({ urn }) => urn.endsWith(`::egress-${name}`));
        assert.ok(found, `${name} is not among\n${made.map(({ urn }) => urn).join("\n")}`);
        return found;
    };
    const inCluster = (kind: string) =>
        made.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs);

    it("2: lets the nodes pull each image of the environment before there is a node, through the firewall, too", () => {
        const cluster = named("aks-cluster");
        const role = named("aks-contosoimages-pull-role");
        assert.ok(cluster.dependencies?.includes(role.urn));
        const { kubeletidentity } = cluster.inputs.identityProfile as Record<string, { objectId: string }>;
        assert.equal(role.inputs.principalId, kubeletidentity.objectId);
        assert.equal(outputs.kubeletObjectId.value, kubeletidentity.objectId);

        const objects = JSON.stringify(made.filter(({ type }) => type.startsWith("kubernetes:")));
        const hosts = [...objects.matchAll(/"(?:image|hub)":"([^"/]+\.[^"/]+)\//g)].map(([, host]) => host);
        assert.deepEqual([...new Set(hosts)], ["contosoimages.azurecr.io"]);
        assert.ok(String(role.inputs.scope).endsWith("/registries/contosoimages"));
        const allowed = allowedHosts(named("network-firewall-rules"));
        for (const host of ["contosoimages.azurecr.io", "contosoimages.westeurope.data.azurecr.io"]) {
            assert.ok(allowed.includes(host), host);
        }
    });

    it("3: writes the API server's name into a zone that exists, with its roles on zone and network before the cluster", () => {
        const { apiServerAccessProfile } = named("aks-cluster").inputs as {
            apiServerAccessProfile: Record<string, unknown>;
        };
        assert.equal(apiServerAccessProfile.privateDNSZone, ZONE);
        // The stand-in refuses a cluster whose identity lacks them.
        assert.equal(named("aks-dns-zone-role").inputs.scope, ZONE);
        assert.equal(named("aks-virtual-network-role").inputs.scope, named("network-network").id);
        for (const name of ["aks-dns-zone-role", "aks-virtual-network-role"]) {
            assert.ok(named("aks-cluster").dependencies?.includes(named(name).urn), name);
        }
    });

    it("5: is the same for another identity, which only reads, and names each administrator by an id", async () => {
        const admins = made.filter(({ urn }) => urn.includes("::egress-aks-admin-"));
        assert.deepEqual(
            new Map(admins.map(({ urn, inputs }) => [urn.split("-admin-").at(-1), inputs.principalId])),
            // The engine makes them in either order.
            new Map([ADMIN_GROUP, ANOTHER_ADMIN].map((id) => [id, id])),
        );
        // The stand-in answers AuthorizationFailed to whatever it would write.
        const nightly = await open("prod", program(production()), { MESH_EGRESS_AKS_READER: "nightly" });
        const { summary } = await nightly.up({ refresh: true, onOutput: ignore });
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("6: needs the resource providers that azure check asks for, and no other", () => {
        const namespaces = made
            .filter(({ type }) => type.startsWith("azure-native:"))
            .flatMap(({ id }) => [...(id ?? "").matchAll(/\/providers\/([^/]+)/g)].at(-1)?.[1] ?? []);
        const registered = [...new Set(namespaces)].filter((namespace) => namespace !== "Microsoft.Authorization");
        assert.deepEqual(registered.sort(), [...RESOURCE_PROVIDERS].sort());
    });

    it("7 and 12: warns before the support of a version ends, and writes only fields that the add-on takes", async () => {
        const config = withAddon({
            tcpKeepalive: { time: "60s" },
            defaultConfig: { proxyHeaders: { server: { disabled: true } } },
        });
        let said = "";
        const stack = await open("addon", program(config, "2027-05-01"));
        const objects = await planned(stack, (text) => void (said += text));
        assert.match(said, /AKS supports Kubernetes 1\.36 until 2027-06-30, 60 days from today/);

        const { metadata, data } = objects.find(({ urn }) => urn.endsWith("::egress-mesh-config"))?.inputs as {
            metadata: object;
            data: { mesh: string };
        };
        assert.deepEqual(metadata, { name: "istio-shared-configmap-asm-1-30", namespace: "aks-istio-system" });
        const { defaultConfig, ...fields } = JSON.parse(data.mesh) as Record<string, object>;
        // Each is on Microsoft's page (articles/aks/istio-meshconfig.md) but proxyHeaders; see "Not verified" in docs/azure.md.
        assert.deepEqual(Object.keys(fields).sort(), [
            "accessLogEncoding",
            "accessLogFile",
            "outboundTrafficPolicy",
            "tcpKeepalive",
            "trustDomain",
        ]);
        assert.deepEqual(Object.keys(defaultConfig).sort(), ["gatewayTopology", "proxyHeaders", "proxyMetadata"]);
    });

    it("7 and 12: refuses versions whose support has ended, and a field that the add-on blocks", async () => {
        const config = withAddon({ configSources: [] }, "asm-1-29");
        let said = "";
        const stack = await open("ended", program(config, "2027-07-01"));
        await assert.rejects(planned(stack, (text) => void (said += text)));
        assert.match(said, /kubernetesVersion: "1\.36" is no longer supported by AKS: its support ended on 2027-06-30/);
        assert.match(said, /revision: "asm-1-29" is no longer supported by AKS: its support ended on 2026-10-12/);
        assert.match(said, /values\.meshConfig\.configSources: is blocked by the Istio add-on/);
    });

    it("8: leaves through a zone-redundant gateway, from a prefix of its SKU", () => {
        for (const name of ["network-nat-gateway", "network-egress-prefix"]) {
            assert.deepEqual(named(name).inputs.sku, { name: "StandardV2" }, name);
        }
        assert.deepEqual(named("network-egress-subnet").inputs.natGateway, { id: named("network-nat-gateway").id });
    });

    it("9: has the nodes' image replaced each week, in a window", () => {
        const { nodeOSUpgradeChannel } = named("aks-cluster").inputs.autoUpgradeProfile as Record<string, string>;
        assert.equal(nodeOSUpgradeChannel, "NodeImage");
        const { maintenanceWindow } = named("aks-nodes-maintenance").inputs as {
            maintenanceWindow: { schedule: { weekly: object } };
        };
        assert.deepEqual(maintenanceWindow.schedule.weekly, { dayOfWeek: "Sunday", intervalWeeks: 1 });
    });

    it("14: locks its callers down, and lets them and the gateway ask the nodes' DNS cache as Cilium sees it", () => {
        const { networkDataplane } = named("aks-cluster").inputs.networkProfile as Record<string, string>;
        assert.equal(networkDataplane, "cilium");
        const policies = inCluster("CiliumNetworkPolicy") as { metadata: { namespace: string }; spec: CiliumSpec }[];
        const places = policies.map(({ metadata }) => metadata.namespace).sort();
        assert.deepEqual([...new Set(places)], ["egress-lockdown-check", "istio-egress", "payments"]);
        for (const { spec } of policies) {
            assert.deepEqual(
                spec.egress.map(({ toEntities }) => toEntities),
                [["host"]],
            );
        }
        const locked = inCluster("NetworkPolicy") as { metadata: { namespace: string }; spec: object }[];
        assert.ok(locked.some(({ metadata }) => metadata.namespace === "payments"));
    });

    it("15: logs no proxy's line, up to a cap, and what the firewall lets through; and reaches Azure Monitor", () => {
        const workspace = named("aks-logs");
        assert.deepEqual(workspace.inputs.workspaceCapping, { dailyQuotaGb: 5 });
        const { extensions } = named("aks-container-logs").inputs.dataSources as {
            extensions: { extensionSettings: { dataCollectionSettings: Record<string, unknown> } }[];
        };
        const { namespaceFilteringMode, namespaces } = extensions[0].extensionSettings.dataCollectionSettings;
        assert.equal(namespaceFilteringMode, "Exclude");
        for (const namespace of ["istio-system", "istio-egress"]) {
            assert.ok((namespaces as string[]).includes(namespace), namespace);
        }
        const { resourceUri, workspaceId, logs } = named("network-firewall-logs").inputs;
        assert.deepEqual([resourceUri, workspaceId], [named("network-firewall").id, workspace.id]);
        assert.ok((logs as { category: string }[]).some(({ category }) => category === "AZFWApplicationRule"));
        assert.ok(allowedHosts(named("network-firewall-rules")).includes("*.ods.opinsights.azure.com"));
    });

    it("16: has a security group on each subnet that takes one, and a webhook that AKS leaves alone", () => {
        const subnets = made.filter(({ type }) => type === "azure-native:network:Subnet");
        const open = subnets.filter(({ inputs }) => inputs.networkSecurityGroup === undefined);
        assert.ok(subnets.length >= 4);
        assert.deepEqual(
            open.map(({ inputs }) => inputs.subnetName),
            ["AzureFirewallSubnet"],
        );
        assert.match(JSON.stringify(named("mesh-istiod").inputs), /"admissions\.enforcer\/disabled":"true"/);
        const { adminUsername } = named("partner-machine").inputs.osProfile as Record<string, string>;
        assert.notEqual(adminUsername, "operator");
    });
});

interface CiliumSpec {
    egress: { toEntities: string[] }[];
}

function ignore(): void {}

function production(): StackConfig {
    const config = stackConfig("prod");
    const { azure } = config;
    config.azure = {
        ...azure!,
        partner: MACHINE,
        cluster: {
            ...azure!.cluster,
            clusterAdmins: [ANOTHER_ADMIN, ADMIN_GROUP.toUpperCase()],
            privateDnsZoneId: ZONE,
        },
    };
    return config;
}

function withAddon(meshConfig: object, revision = "asm-1-30"): StackConfig {
    return { ...stackConfig("dev"), mesh: { flavour: MeshFlavour.AksAddon, revision, values: { meshConfig } } };
}

/** The program of a stack, on a day if one is given. */
function program(config: StackConfig, day?: string): PulumiFn {
    return () => {
        const { egress } = day === undefined ? deployEnvironment(config) : onDay(day, () => deployEnvironment(config));
        return Promise.resolve({ kubeletObjectId: (egress as AksEgressEnvironment).kubeletObjectId });
    };
}

function allowedHosts({ inputs }: Made): string[] {
    const collections = inputs.ruleCollections as { rules: { targetFqdns?: string[] }[] }[];
    return collections.flatMap(({ rules }) => rules.flatMap(({ targetFqdns = [] }) => targetFqdns));
}
