import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, OpMap, Stack } from "@pulumi/pulumi/automation";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress";
import { AksCluster, CertificateChain, DnsZone, EgressNetwork } from "../../components";
import { EgressNetworkOptions } from "../../plan/azure/networkOptions";
import { ROLE_WAIT } from "../../plan/azure/rolePropagation";
import { openStack } from "../../lab/engine";
import type { StackConfig } from "../../stacks/config";
import { deployEnvironment } from "../../stacks/environment";
import { FIRST_IN_CLUSTER, azurePart } from "../support/azurePart";
import { EngineSetup, machine } from "../support/machine";
import { AKS_STACKS, MACHINE, stackConfig } from "../support/stacks";
import { ControlPlane, startControlPlane } from "../../lab/controlPlane";

/*
 * The AKS environments, run by the real engine. Nothing here is on Azure: the stand-in for azure-native answers from
 * memory, and there is no cluster behind it. So a preview shows all of an environment, and an update makes the Azure part
 * of it alone; what is in a cluster is updated in the tests of the local environment.
 */
describe("the AKS environments, run by the real engine without Azure", function () {
    // A test here runs the program of prod up to eight times; a busy machine takes minutes for them.
    this.timeout(480_000);
    let setup: EngineSetup;
    let folder: string;

    before(async function () {
        setup = await machine.engine(this);
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-aks-"));
    });

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    const open = (name: string, program: () => void, env: Record<string, string> = {}): Promise<Stack> =>
        openStack({
            ...setup,
            name,
            project: "mesh-egress",
            program: () => {
                program();
                return Promise.resolve();
            },
            stateDir: join(folder, "state"),
            passphrase: "only for this test",
            env: { ...setup.env, ...env },
        });

    for (const name of AKS_STACKS) {
        it(`${name}: previews everything before anything is there, and names every resource`, async () => {
            const stack = await open(`${name}-preview`, () => deployEnvironment(stackConfig(name)));
            const previewed = await preview(stack);
            const { changes } = previewed;
            assert.deepEqual(Object.keys(changes), ["create"]);
            const created = previewed.urns("create");
            assert.equal(created.length, changes["create"]);
            for (const part of [
                "network:PublicIPPrefix::egress-network-egress-prefix",
                "network:NatGateway::egress-network-nat-gateway",
                "containerservice:ManagedCluster::egress-aks-cluster",
                "containerservice:AgentPool::egress-aks-egress-pool",
                "containerservice:MaintenanceConfiguration::egress-aks-nodes-maintenance",
                ...(name === "prod"
                    ? []
                    : ["compute:VirtualMachine::egress-partner-machine", "keyvault:Secret::egress-partner-server"]),
                ...(name === "dev" ? [] : ["EgressLockdown::egress-lockdown"]),
                "Release::egress-mesh-istiod",
                "Gateway::egress-gateway-gateway",
                "ServiceEntry::egress-partner-service-entry",
                "Job::egress-partner-probe-job",
            ]) {
                assert.ok(
                    created.some((urn) => urn.endsWith(part)),
                    `${part} is not in the preview:\n${created.join("\n")}`,
                );
            }
        });

        it(`${name}: makes its Azure part, changes nothing twice, moves its version in place, and takes it down`, async () => {
            const config = stackConfig(name);
            const protect = config.azure!.protect;
            const said: string[] = [];
            const stack = await open(name, () => deployEnvironment(config));
            const part = await azurePart(stack);
            const up = async () => {
                const onEvent = (event: EngineEvent) => void said.push(JSON.stringify(withoutDebug(event)));
                const { summary } = await stack.up({ ...part, onEvent, onOutput: (text) => void said.push(text) });
                return summary.resourceChanges as OpMap;
            };
            assert.deepEqual(Object.keys(await up()).sort(), ["create", "same"], "what is in the cluster is left out");
            assert.deepEqual(Object.keys(await up()), ["same"]);

            config.azure!.cluster.kubernetesVersion = "1.37";
            const bumped = await preview(stack, part);
            assert.deepEqual(names(bumped.urns("update")), [
                "egress-aks-cluster",
                ...(config.azure!.cluster.userPools ?? []).map((pool) => `egress-aks-${pool.name}-pool`),
                "egress-aks-egress-pool",
            ]);
            assert.deepEqual(Object.keys(bumped.changes).sort(), ["same", "update"], "nothing is replaced");
            await up();

            config.azure!.network!.allowedFqdns &&= [...config.azure!.network!.allowedFqdns, "more.contoso.com"];
            config.azure!.tags = { environment: name, cost: "1" };
            const tagged = await preview(stack, part);
            assert.deepEqual(Object.keys(tagged.changes).sort(), ["same", "update"], "nothing is replaced");
            await up();

            // As it is on the disk; what the engine exports has no secrets hidden.
            const state = await readFile(join(folder, "state/.pulumi/stacks/mesh-egress", `${name}.json`), "utf8");
            assert.match(state, /aks-cluster/);
            assert.doesNotMatch(state + said.join("\n"), /PRIVATE KEY|clusterUser_|kubelogin/);
            if (protect) {
                await assert.rejects(stack.destroy({ onOutput: ignore }), /protect/);
                config.azure!.protect = false;
                await up();
            }
            await stack.destroy({ onOutput: ignore });
            assert.deepEqual(await remaining(stack), []);
        });
    }

    it("shows that a cluster would be replaced, and refuses it where the cluster is protected", async () => {
        const config = stackConfig("prod");
        const stack = await open("moving", () => deployEnvironment(config));
        const part = await azurePart(stack);
        await stack.up({ ...part, onOutput: ignore });
        const refused = async (...patterns: RegExp[]) => {
            let said = "";
            await assert.rejects(stack.preview({ ...part, onOutput: (text) => void (said += text) }));
            const missing = patterns.filter((pattern) => !pattern.test(said));
            assert.deepEqual(missing, [], said);
        };
        config.azure!.network!.egressPrefixLength = 29;
        config.azure!.network!.egressSku = "standard";
        await refused(
            /egressPrefixLength: 29 cannot be changed in place: the public prefix has 30.*egressSku: .*cannot be changed in place/s,
        );
        config.azure!.network!.egressPrefixLength = 30;
        delete config.azure!.network!.egressSku;
        config.azure!.cluster.egressPool.vmSize = "Standard_D8ds_v5";
        await refused(/egressPool\.vmSize: .*give the pool another name/s);
        config.azure!.cluster.egressPool.name = "egress2";
        const added = part.target.map((urn) => urn.replace("aks-egress-pool", "aks-egress2-pool"));
        part.target = [...new Set([...part.target, ...added])];
        const steps: string[] = [];
        const onEvent = ({ resourcePreEvent: begun, resOutputsEvent: done }: EngineEvent) => {
            const step = (begun ?? done)?.metadata;
            steps.push(`${done ? "done" : "begun"}: ${step?.op} ${step?.urn.split("::").at(-1)}`);
        };
        await stack.up({ ...part, onEvent, onOutput: ignore });
        const made = steps.indexOf("done: create egress-aks-egress2-pool");
        const removed = steps.indexOf("begun: delete egress-aks-egress-pool");
        assert.ok(made >= 0 && made < removed, `the new pool is there first:\n${steps.join("\n")}`);
        // The engine refuses a target that is gone.
        part.target = part.target.filter((urn) => !urn.endsWith("::egress-aks-egress-pool"));

        const { network, cluster } = config.azure!;
        config.azure!.network = { ...network, outboundControl: "open" };
        config.azure!.cluster = { ...cluster, podRange: "10.245.0.0/16", networkPolicy: "calico" };
        config.lockdown!.policyEngine = "calico";
        await refused(
            /outboundControl: "nsg or open" cannot be changed in place: the cluster has firewall or routes.*replaceCluster/,
            /networkPolicy: .* cannot be changed in place: the cluster has cilium.*replaceCluster/,
            /podRange: .* cannot be changed in place: the cluster has 10\.244\.0\.0\/16.*replaceCluster/,
        );
        config.azure!.network = network;
        config.azure!.cluster = cluster;
        config.lockdown!.policyEngine = "cilium";
        cluster.podRange = "10.245.0.0/16";
        cluster.replaceCluster = true;
        await assert.rejects(
            stack.preview({ ...part, onOutput: ignore }),
            /aks-cluster.*protect|protect.*aks-cluster/s,
        );
        config.azure!.protect = false;
        const moved = await preview(stack, part);
        assert.ok(names(moved.urns("replace")).includes("egress-aks-cluster"));
    });

    it("waits until the roles of a new identity are in force, and gives up on what no waiting mends", async () => {
        const { pauseSeconds } = ROLE_WAIT;
        ROLE_WAIT.pauseSeconds = 0;
        try {
            const late = await open("late", () => deployEnvironment(stackConfig("dev")), {
                MESH_EGRESS_AKS_ROLES_LATE: "3",
            });
            const said: string[] = [];
            const part = await azurePart(late);
            const { summary } = await late.up({ ...part, onOutput: (text) => void said.push(text) });
            assert.equal(summary.result, "succeeded");
            assert.match(said.join(""), /egress-aks-cluster created .*retrying create .*\(3\/100\)/);
            const never = await open("never", () => deployEnvironment(stackConfig("dev")), {
                MESH_EGRESS_AKS_ROLES_LATE: "1000",
            });
            await assert.rejects(
                never.up({ ...(await azurePart(never)), onOutput: ignore }),
                /CustomKubeletIdentityMissingPermissionError/,
            );
        } finally {
            ROLE_WAIT.pauseSeconds = pauseSeconds;
        }
    });

    describe("in a network that exists already", () => {
        const provider = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network";
        const network = `${provider}/virtualNetworks/spoke`;
        // It may have DNS servers of its own, and AKS links the private zone of the API server with it.
        const ofNetwork = /RoleAssignment::egress-aks-virtual-network-role/;
        const existing: [what: string, network: EgressNetworkOptions, made: RegExp[], given: RegExp[]][] = [
            [
                "a resource group",
                { resourceGroupName: "rg-aks", connectedElsewhere: true },
                [/network:VirtualNetwork::/, /network:NatGateway::/],
                [/resources:ResourceGroup::/],
            ],
            [
                "a virtual network, whose hub it is connected with",
                { virtualNetworkId: network, addressSpace: "10.80.0.0/20" },
                [/network:Subnet::egress-network-node-subnet/, /network:NatGateway::/, ofNetwork],
                [/network:VirtualNetwork::/],
            ],
            [
                "a hub to be connected with",
                { peerings: [{ name: "hub", virtualNetworkId: `${provider}/virtualNetworks/hub` }] },
                [/network:VirtualNetworkPeering::egress-network-hub-peering/, /network:VirtualNetwork::/],
                [ofNetwork],
            ],
            [
                "route tables that lead to a firewall",
                {
                    virtualNetworkId: network,
                    outboundControl: "routes",
                    routeTables: { nodes: `${provider}/routeTables/nodes`, egress: `${provider}/routeTables/egress` },
                },
                [/network:Subnet::/, /RoleAssignment::egress-aks-routes-0-role/],
                [/network:RouteTable::/, /network:AzureFirewall::/],
            ],
            [
                "subnets",
                {
                    outboundControl: "routes",
                    existingSubnets: {
                        nodes: `${network}/subnets/nodes`,
                        egress: `${network}/subnets/egress`,
                        apiServer: `${network}/subnets/api`,
                        egressPrefix: "198.18.7.0/30",
                    },
                },
                [/RoleAssignment::egress-aks-nodes-role/, ofNetwork],
                [
                    /network:Subnet::/,
                    /network:NatGateway::/,
                    /network:PublicIPPrefix::/,
                    /network:NetworkSecurityGroup::/,
                ],
            ],
        ];
        for (const [index, [what, options, made, given]] of existing.entries()) {
            it(`takes ${what}, changes nothing twice, and leaves it there`, async () => {
                const config = stackConfig("prod");
                config.azure!.network = options;
                config.azure!.protect = false;
                const stack = await open(`existing-${index}`, () => deployEnvironment(config));
                const part = await azurePart(stack);
                for (const pattern of made) {
                    assert.ok(
                        part.target.some((urn) => pattern.test(urn)),
                        String(pattern),
                    );
                }
                for (const pattern of given) {
                    assert.deepEqual(
                        part.target.filter((urn) => pattern.test(urn)),
                        [],
                    );
                }
                await stack.up({ ...part, onOutput: ignore });
                const { summary } = await stack.up({ ...part, refresh: true, onOutput: ignore });
                assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
                await stack.destroy({ onOutput: ignore });
                assert.deepEqual(await remaining(stack), []);
            });
        }
    });

    it("makes every option that is off by default, and changes nothing twice", async () => {
        const config = stackConfig("dev");
        const { azure } = config;
        azure!.network = { ...azure!.network, deleteLock: true };
        azure!.cluster = {
            ...azure!.cluster,
            defender: true,
            maxSurge: "33%",
            encryptionAtHost: true,
            autoscaler: { expander: "least-waste" },
            managedPrometheus: {},
            etcdKey: {
                keyId: "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef",
                keyVaultId: "/subscriptions/0/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/contoso",
            },
            egressPool: { ...azure!.cluster.egressPool, osDiskType: "ephemeral", osDiskGb: 64 },
        };
        const stack = await open("options", () => deployEnvironment(config));
        const part = await azurePart(stack);
        await stack.up({ ...part, onOutput: ignore });
        const { summary } = await stack.up({ ...part, refresh: true, onOutput: ignore });
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        await stack.destroy({ onOutput: ignore });
        assert.deepEqual(await remaining(stack), []);
    });

    for (const [what, drift, seen] of [
        ["the first update", "first", [/of-the-egress-subnet/]],
        // Of the system pool, of a pool of its own, and of the egress pool.
        ["AKS scaled the pools", "scaled", [/"count":3/, /"count":5/, /"count":4/]],
        [
            "the channels moved the patch and the nodes' image",
            "patched",
            [/"currentKubernetesVersion":"1\.36\.9"/, /"nodeImageVersion":"AKSUbuntu-2404gen2containerd-202611/],
        ],
        ["a policy added a tag", "tagged", [/by-policy/]],
    ] as const) {
        it(`changes nothing after ${what}, although a refresh sees it`, async () => {
            const config = stackConfig("dev");
            config.azure!.tagsByPolicy = drift === "tagged";
            const { cluster } = config.azure!;
            cluster.userPools = [{ name: "apps", vmSize: "Standard_D4ds_v5", minNodes: 2, maxNodes: 5 }];
            cluster.egressPool.maxNodes = 4;
            const stack = await open(drift, () => deployEnvironment(config), { MESH_EGRESS_AKS_DRIFT: drift });
            const part = await azurePart(stack);
            await stack.up({ ...part, onOutput: ignore });
            for (const when of ["once", "again"]) {
                const { summary } = await stack.up({ ...part, refresh: true, onOutput: ignore });
                assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"], when);
            }
            const state = JSON.stringify((await stack.exportStack()).deployment);
            for (const one of seen) {
                assert.match(state, one, "the refresh saw what Azure changed");
            }
        });
    }

    it("replaces nothing of a stack that 0.1.0 made", async () => {
        const { azure: dev, ...config } = stackConfig("dev");
        const azure = { ...dev!, partner: MACHINE };
        config.routes = [{ ...config.routes[0], hosts: MACHINE.hosts }];
        const before = await open("former", () => formerAzurePart(azure));
        await before.up({ onOutput: ignore });
        const after = await open("former", () => deployEnvironment({ ...config, azure }));
        const fresh = await azurePart(await open("fresh", () => deployEnvironment({ ...config, azure })));
        const part = { target: fresh.target.map((urn) => urn.replaceAll(/\bfresh\b/g, "former")) };
        const { changes, urns } = await preview(after, part);
        assert.deepEqual(
            Object.keys(changes).filter((op) => /replace|delete/.test(op)),
            [],
        );
        // What the former program made is moved; only the routes' own chain and the machine are new here.
        assert.deepEqual(
            urns("create").filter(
                (urn) => !/EgressEnvironment|MtlsServerVm|RoleAssignment::egress-aks-admin/.test(urn),
            ),
            [],
        );
        const { summary } = await after.up({ ...part, onOutput: ignore });
        assert.equal(summary.resourceChanges?.["replace"], undefined);
    });

    it("refuses a wrong configuration before any resource registers", async () => {
        const config = stackConfig("prod");
        config.azure!.cluster.egressPool = { vmSize: "Standard_D4ds_v5", minNodes: 2, zones: ["1"] };
        config.routes[0].hosts = ["*.com"];
        config.routes[0].clientName = "payments.example";
        const stack = await open("refused", () => deployEnvironment(config));
        const events: EngineEvent[] = [];
        const failure = await stack.preview({ onEvent: (event) => void events.push(event), onOutput: ignore }).then(
            () => assert.fail("the preview was accepted"),
            (error: unknown) => String(error),
        );
        assert.match(failure, /azure\.cluster\.egressPool\.zones: the egress pool is in one zone/);
        assert.match(failure, /routes\[0\]\.hosts\[0\]: "\*\.com" covers a whole public suffix/);
        assert.match(failure, /routes\[0\]\.clientName: .*reserved for examples/);
        const registered = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.type ?? []);
        assert.deepEqual(
            registered.filter((type) => !type.startsWith("pulumi:")),
            [],
        );
    });

    describe("with a real API server in the cluster's place", () => {
        let controlPlane: ControlPlane;

        before(async function () {
            const started = await startControlPlane();
            if (!started) {
                console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
                return this.skip();
            }
            controlPlane = started;
        });

        after(() => controlPlane?.stop());

        it("takes an environment down although its API server is gone", async () => {
            const kubeconfig = join(folder, "kubeconfig");
            await writeFile(kubeconfig, controlPlane.kubeconfig, { mode: 0o600 });
            const stack = await open("gone", () => deployEnvironment(stackConfig("dev")), {
                MESH_EGRESS_AKS_KUBECONFIG: kubeconfig,
            });
            const part = await azurePart(stack, FIRST_IN_CLUSTER);
            await stack.up({ ...part, onOutput: ignore });
            assert.ok(await controlPlane.api.find("/api/v1/namespaces/istio-system"), "it is in the cluster");
            await controlPlane.stop();
            await stack.destroy({ onOutput: ignore });
            assert.deepEqual(await remaining(stack), []);
        });
    });
});

function ignore(): void {}

/** The parts of an environment as the program of 0.1.0 made them: each at the top of the stack. */
function formerAzurePart({ location, tags, network, cluster, partner }: NonNullable<StackConfig["azure"]>): void {
    const net = new EgressNetwork("network", { ...network, location, tags, natGateway: true });
    const inGroup = { resourceGroupName: net.resourceGroupName, location: net.location, tags };
    new AksCluster("aks", {
        ...cluster,
        ...inGroup,
        nodeSubnetId: net.nodeSubnetId,
        egressSubnetId: net.egressSubnetId,
        apiServerSubnetId: net.apiServerSubnetId,
    });
    const { ipAddress } = new PublicIPAddress("partner-address", {
        ...inGroup,
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
    });
    new CertificateChain("partner", { serverHosts: partner!.hosts });
    new DnsZone("partner-dns", {
        resourceGroupName: net.resourceGroupName,
        zoneName: partner!.zoneName!,
        records: partner!.hosts.map((host) => ({ host, addresses: [ipAddress.apply((known) => known ?? "")] })),
        tags,
    });
}

async function remaining(stack: Stack): Promise<unknown[]> {
    const { resources } = (await stack.exportStack()).deployment as { resources?: unknown[] };
    return resources ?? [];
}

interface Preview {
    changes: OpMap;
    /** URNs of the resources with that operation; without the default providers, which the engine does not count. */
    urns: (op: string) => string[];
}

async function preview(stack: Stack, part: { target?: string[] } = {}): Promise<Preview> {
    const events: EngineEvent[] = [];
    const { changeSummary } = await stack.preview({
        ...part,
        onEvent: (event) => void events.push(event),
        onOutput: ignore,
    });
    return {
        changes: changeSummary,
        urns: (op) =>
            events.flatMap(({ resourcePreEvent }) => {
                const { metadata } = resourcePreEvent ?? {};
                const isWanted = metadata && String(metadata.op) === op && !/::default(_[\w-]+)*$/.test(metadata.urn);
                return isWanted ? metadata.urn : [];
            }),
    };
}

/** Names of what plugins make; a component changes when its arguments do. */
function names(urns: string[]): string[] {
    return urns
        .filter((urn) => !/:index:\w+::/.test(urn) || urn.includes("tls:index"))
        .map((urn) => urn.split("::").pop() as string);
}

/** The SDK logs what its engine answers, secrets and all, at a severity that the CLI shows to nobody. */
function withoutDebug(event: EngineEvent): EngineEvent | undefined {
    return (event.diagnosticEvent?.severity as string) === "debug" ? undefined : event;
}
