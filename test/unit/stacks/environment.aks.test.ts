import assert from "node:assert/strict";
import { MeshFlavour } from "../../../components";
import { StackConfig } from "../../../stacks/config";
import { deployEnvironment } from "../../../stacks/environment";
import { Recorded, record, refusedPaths, run, valueOf } from "../../support/mocks";
import { ADMIN_GROUP, AKS_STACKS, MACHINE, stackConfig } from "../../support/stacks";

async function deployed(config: StackConfig, preview = false) {
    const recorder = await record({ preview });
    const environment = await run(recorder, () => deployEnvironment(config));
    return { recorder, environment };
}

function inCluster({ type }: Recorded): boolean {
    return type.startsWith("kubernetes:");
}

/** The dev stack with the add-on instead of Istio's charts. */
function withAddon(): StackConfig {
    return { ...stackConfig("dev"), mesh: { flavour: MeshFlavour.AksAddon, revision: "asm-1-30" } };
}

describe("the stacks on Azure", function () {
    this.timeout(120_000);

    for (const stack of AKS_STACKS) {
        for (const preview of [true, false]) {
            it(`${stack}: has everything of the cluster in it, gone with it (${preview ? "preview" : "update"})`, async () => {
                const { recorder } = await deployed(stackConfig(stack), preview);
                const there = recorder.resources.filter(inCluster);
                assert.ok(there.length > 12);
                for (const { name, provider, deletedWith } of there) {
                    assert.ok(provider.startsWith(`${recorder.named("egress-cluster").urn}::`), name);
                    assert.equal(deletedWith, recorder.named("egress-aks-cluster").urn, name);
                }
            });
        }

        it(`${stack}: shows no key outside of a secret`, async () => {
            const { recorder } = await deployed(stackConfig(stack));
            // The tls plugin hides what it is given by itself; the engine's test searches all of the state.
            for (const { name, inputs, secrets } of recorder.resources.filter(({ type }) => !type.startsWith("tls:"))) {
                const open = Object.entries(inputs).filter(([property]) => !secrets.includes(property));
                assert.doesNotMatch(JSON.stringify(open), /PRIVATE KEY/, name);
            }
            assert.ok(recorder.named("egress-cluster").secrets.includes("kubeconfig"));
        });
    }

    it("protect in prod what cannot be made again, and nothing else, and nothing in the others", async () => {
        const names = async (stack: string, partner?: object) => {
            const config = stackConfig(stack);
            const azure = { ...config.azure!, ...partner };
            return (await deployed({ ...config, azure })).recorder.resources
                .filter(({ protect }) => protect)
                .map(({ name }) => name)
                .sort();
        };
        const own = ["egress-aks-cluster", "egress-chain-root-1-key", "egress-network-egress-prefix"];
        assert.deepEqual(await names("prod"), own);
        assert.deepEqual(await names("prod", { partner: MACHINE }), [
            ...own,
            "egress-partner-dns-zone",
            "egress-partner-root-1-key",
        ]);
        assert.deepEqual(await names("staging"), []);
        assert.deepEqual(await names("dev"), []);
    });

    it("differ in how tight they are", async () => {
        const types = async (stack: string) => {
            const { recorder } = await deployed(stackConfig(stack));
            const { apiServerAccessProfile, sku } = recorder.named("egress-aks-cluster").inputs as Record<
                string,
                Record<string, unknown>
            >;
            return [
                recorder.ofType("azure-native:network:AzureFirewall").length,
                (recorder.named("egress-network-node-rules").inputs.securityRules as unknown[]).length > 0,
                apiServerAccessProfile.enablePrivateCluster,
                apiServerAccessProfile.authorizedIPRanges,
                sku.tier,
            ];
        };
        assert.deepEqual(await types("dev"), [0, false, false, undefined, "Free"]);
        assert.deepEqual(await types("staging"), [0, true, false, ["198.18.0.0/24"], "Standard"]);
        assert.deepEqual(await types("prod"), [1, false, true, undefined, "Standard"]);
    });

    it("close every other way out of the callers' namespace in staging and prod, and let it ask the nodes' DNS cache", async () => {
        for (const [stack, locked] of [
            ["dev", 0],
            ["staging", 1],
            ["prod", 1],
        ] as const) {
            const { recorder } = await deployed(stackConfig(stack));
            const lockdowns = recorder.ofType("mesh-egress:index:EgressLockdown");
            assert.equal(lockdowns.length, locked, stack);
            if (locked) {
                const [{ inputs }] = lockdowns;
                assert.deepEqual([inputs.namespaces, inputs.policyEngine], [["payments"], "cilium"]);
                const policies = recorder.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy");
                assert.match(JSON.stringify(policies.map((one) => one.inputs.spec)), /169\.254\.10\.11\/32/);
            }
        }
    });

    it("put the gateway on its own nodes", async () => {
        const { recorder } = await deployed(stackConfig("dev"));
        const { values } = recorder.named("egress-gateway-release").inputs as { values: Record<string, unknown> };
        assert.deepEqual(values.nodeSelector, recorder.named("egress-aks-egress-pool").inputs.nodeLabels);
        assert.deepEqual(values.tolerations, [
            { key: "mesh-egress/pool", operator: "Equal", value: "egress", effect: "NoSchedule" },
        ]);
    });

    it("call the partner's machine by its address, with its name and its own CA", async () => {
        const config = stackConfig("dev");
        const azure = { ...config.azure!, partner: MACHINE };
        const routes = [{ ...config.routes[0], hosts: MACHINE.hosts }];
        const { recorder, environment } = await deployed({ ...config, azure, routes });
        const entry = recorder.resources.find(({ type }) => type.endsWith(":ServiceEntry"))!;
        const address = recorder.ofType("azure-native:dns:RecordSet")[0].inputs.aRecords as { ipv4Address: string }[];
        assert.match(JSON.stringify(entry.inputs.spec), new RegExp(`"${address[0].ipv4Address}"`));
        assert.match(JSON.stringify(entry.inputs.spec), /"mtls.partner.test"/);
        const rules = recorder.named("egress-partner-rules").inputs.securityRules as { sourceAddressPrefix: string }[];
        assert.equal(rules[0].sourceAddressPrefix, await valueOf(environment.egressPrefix!));
        const trusted = recorder.named("egress-partner-client-ca").inputs.properties as { value: string };
        assert.equal(trusted.value, await valueOf(environment.egress.clientCa));
    });

    it("make the named group an administrator, whoever deploys, before anything is put into the cluster", async () => {
        const { recorder } = await deployed(stackConfig("dev"));
        const roles = recorder.resources.filter(({ name }) => name.startsWith("egress-aks-admin-"));
        assert.deepEqual(
            roles.map(({ name, inputs }) => [name, inputs.principalId]),
            [[`egress-aks-admin-${ADMIN_GROUP}`, ADMIN_GROUP]],
        );
        assert.ok(recorder.named("egress-cluster").dependencies.includes(roles[0].urn));
    });

    it("update what is mutable in a cluster instead of deleting it", async () => {
        const { recorder } = await deployed(stackConfig("dev"));
        const { enableSecretMutable, enableConfigMapMutable } = recorder.named("egress-cluster").inputs;
        assert.deepEqual([enableSecretMutable, enableConfigMapMutable], ["true", "true"]);
    });

    it("run the Istio add-on where they are asked to, through addresses that are not a NAT gateway's", async () => {
        const { recorder } = await deployed(withAddon());
        assert.deepEqual(recorder.ofType("kubernetes:helm.sh/v3:Release"), []);
        assert.deepEqual(recorder.ofType("azure-native:network:NatGateway"), []);
        assert.equal(recorder.named("egress-aks-egress-pool").inputs.mode, "Gateway");
        const { spec } = recorder.named("egress-gateway-exit").inputs as { spec: Record<string, unknown> };
        assert.equal(spec.publicIpPrefixId, "egress-network-egress-prefix-id");
        const caller = recorder.named("egress-payments").inputs.metadata as { labels: Record<string, string> };
        assert.deepEqual(caller.labels, { "istio.io/rev": "asm-1-30" });
    });

    it("make no machine for a partner in prod, and no zone for that of the others", async () => {
        for (const [stack, machines] of [
            ["dev", 1],
            ["staging", 1],
            ["prod", 0],
        ] as const) {
            const { recorder } = await deployed(stackConfig(stack));
            assert.equal(recorder.ofType("azure-native:compute:VirtualMachine").length, machines, stack);
            assert.deepEqual(recorder.ofType("azure-native:dns:Zone"), [], stack);
        }
    });

    it("ask for what the committed files lack, before the first resource", async () => {
        const nothing = (stack: string, own: object) =>
            refusedPaths(() => deployEnvironment(stackConfig(stack, { ...own })));
        assert.throws(() => stackConfig("dev", {}), /mesh-egress:azure\.adminGroup: is missing/);
        const azure = { adminGroup: ADMIN_GROUP };
        assert.throws(() => stackConfig("staging", { azure }), /mesh-egress:lockdown\.imageRegistries: is missing/);
        assert.throws(() => stackConfig("prod", { azure }), /mesh-egress:routes: is missing/);
        const lockdown = { imageRegistries: ["contosoimages.azurecr.io"] };
        assert.deepEqual(await nothing("staging", { azure, lockdown }), [
            "azure.cluster.authorizedIpRanges",
            "mesh.hub",
            "lockdown.checkImage",
            "probe.image",
        ]);
        const routes = [{ name: "partner", hosts: ["api.partner.test"], allowFrom: [{ namespace: "payments" }] }];
        assert.deepEqual(await nothing("prod", { azure, lockdown, routes }), [
            "azure.cluster.access",
            "mesh.hub",
            "lockdown.checkImage",
            "probe.image",
            "routes[0].serverCa",
        ]);
    });

    it("refuse before the first resource what any of their parts would refuse", async () => {
        const dev = stackConfig("dev");
        const azure = dev.azure!;
        const bad: [change: Partial<StackConfig>, paths: string[]][] = [
            [
                {
                    azure: {
                        ...azure,
                        cluster: { ...azure.cluster, egressPool: { vmSize: "x", minNodes: 1, zones: [] } },
                    },
                },
                [
                    "azure.cluster.egressPool.vmSize",
                    "azure.cluster.egressPool.minNodes",
                    "azure.cluster.egressPool.zones",
                ],
            ],
            [
                { azure: { ...azure, network: { subnets: { firewall: "10.64.0.0/27" } } } },
                ["azure.network.subnets.firewall", "azure.network.subnets.firewall", "mesh.hub", "probe.image"],
            ],
            [
                { routes: [{ ...dev.routes[0], hosts: ["*.com"] }] },
                ["routes[0].hosts[0]", "routes[0].serverCa", "probe.host"],
            ],
            [{ cluster: { context: "other" } }, ["cluster"]],
            [{ ...withAddon(), gateway: { minReplicas: 3 } }, ["gateway.minReplicas"]],
            [{ ...withAddon(), azure: { ...azure, network: {} } }, ["azure.cluster.addon", "probe.image"]],
            [
                {
                    lockdown: {
                        namespaces: ["locked"],
                        policyEngine: "calico",
                        gatewayEgress: [{ internet: true }],
                        imageRegistries: ["registry.test"],
                    },
                },
                ["lockdown.policyEngine"],
            ],
            [
                {
                    ...withAddon(),
                    lockdown: {
                        namespaces: ["locked"],
                        policyEngine: "cilium",
                        gatewayEgress: [{ internet: true }],
                        imageRegistries: ["registry.test"],
                    },
                },
                ["lockdown.staticEgressGateway"],
            ],
        ];
        for (const [change, paths] of bad) {
            assert.deepEqual(await refusedPaths(() => deployEnvironment({ ...dev, ...change })), paths);
        }
    });
});
