import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { Provider } from "@pulumi/kubernetes/provider";
import { EgressGateway } from "../../components";
import { builtCharts } from "../../lab/build/build";
import { ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { openStack } from "../../lab/engine";
import { ROLE_WAIT } from "../../plan/azure/rolePropagation";
import { deployEnvironment } from "../../stacks/environment";
import { applyCrds } from "../support/applyCrds";
import { FIRST_IN_CLUSTER, azurePart } from "../support/azurePart";
import { type EngineSetup, machine } from "../support/machine";
import { bindClusterRole, serviceAccount } from "../support/serviceAccount";
import { stackConfig } from "../support/stacks";

const NAMESPACE = "aks-istio-egress";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CONFIGURATION = `/apis/egressgateway.kubernetes.azure.com/v1alpha1/namespaces/${NAMESPACE}/staticgatewayconfigurations/egress-gateway`;
const GATEWAY = `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/gateways/egress-gateway`;

/** A real API server; the test plays AKS's controllers and Entra ID, which come late. */
describe("a cluster that is not ready at once, run by the real engine", function () {
    this.timeout(240_000);
    let setup: EngineSetup;
    let cluster: ControlPlane;
    let folder: string;

    before(async function () {
        setup = await machine.engine(this);
        const started = await startControlPlane();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-late-"));
    });

    after(async () => {
        await cluster?.stop();
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    const open = (name: string, program: () => void, env: Record<string, string> = {}): Promise<Stack> => {
        const inline: PulumiFn = () => {
            program();
            return Promise.resolve();
        };
        const options = { name, project: "late", stateDir: join(folder, "state"), passphrase: "only for this test" };
        return openStack({ ...setup, ...options, program: inline, env });
    };

    it("makes the add-on's gateway ready for calls only once its nodes have the addresses that partners see", async function () {
        const charts = builtCharts();
        if (!charts) {
            console.log("    skipped: no definitions of Istio; npm run lab -- build");
            return this.skip();
        }
        await applyCrds(cluster, join(charts.base, "files", "crd-all.gen.yaml"));
        await cluster.api.request("POST", DEFINITIONS, gatewayConfigurations);
        await cluster.api.request("POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
        const mesh = { namespace: "aks-istio-system", trustDomain: "cluster.local", gatewayChart: "" };
        const stack = await open("prefix", () => {
            const provider = new Provider("cluster", { kubeconfig: cluster.kubeconfig });
            const addon = { egressPrefixId: "/subscriptions/s/publicIPPrefixes/egress" };
            new EgressGateway("gateway", { mesh, addon }, { providers: [provider] });
        });
        const said = sayings();
        const update = stack.up({ onOutput: said.add });
        await Promise.race([said.until(/status\.egressIpPrefix\}? selected nothing/), update]);
        assert.ok(await cluster.api.find(CONFIGURATION), "the configuration is there");
        assert.equal(await cluster.api.find(GATEWAY), undefined, "the gateway waits for the prefix");

        const status = { egressIpPrefix: "198.51.100.0/30" };
        await cluster.api.request("PATCH", `${CONFIGURATION}/status`, { status }, "application/merge-patch+json");
        assert.equal((await update).summary.result, "succeeded");
        assert.ok(await cluster.api.find(GATEWAY), "the gateway follows");
    });

    it("puts nothing into the cluster before the administrators' role is in force", async () => {
        const kubeconfig = join(folder, "kubeconfig");
        await writeFile(kubeconfig, await serviceAccount(cluster, "late"), { mode: 0o600 });

        const stack = await open("role", () => deployEnvironment(stackConfig("dev")), {
            MESH_EGRESS_AKS_KUBECONFIG: kubeconfig,
        });
        const part = await azurePart(stack, FIRST_IN_CLUSTER);
        const { pauseSeconds } = ROLE_WAIT;
        ROLE_WAIT.pauseSeconds = 0.2;
        try {
            const said = sayings();
            const update = stack.up({ ...part, onOutput: said.add });
            await Promise.race([said.until(/egress-egress-nodes .*retrying create .*\(5\/100\)/), update]);
            assert.equal(await cluster.api.find("/api/v1/namespaces/istio-system"), undefined);
            await bindClusterRole(cluster, "late", "cluster-admin");
            assert.equal((await update).summary.result, "succeeded");
        } finally {
            ROLE_WAIT.pauseSeconds = pauseSeconds;
        }
        assert.ok(await cluster.api.find("/api/v1/namespaces/istio-system"));
    });
});

/** What the engine says, and a promise for the moment in which it has said something. */
function sayings() {
    let all = "";
    const waiting: { pattern: RegExp; resolve: () => void }[] = [];
    return {
        add: (text: string) => {
            all += text;
            waiting.filter(({ pattern }) => pattern.test(all)).forEach(({ resolve }) => resolve());
        },
        until: (pattern: RegExp) => new Promise<void>((resolve) => waiting.push({ pattern, resolve })),
    };
}

/** The definition of Azure/kube-egress-gateway, with the fields that its operator reads and writes (api/v1alpha1 there). */
const gatewayConfigurations = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "staticgatewayconfigurations.egressgateway.kubernetes.azure.com" },
    spec: {
        group: "egressgateway.kubernetes.azure.com",
        scope: "Namespaced",
        names: {
            kind: "StaticGatewayConfiguration",
            plural: "staticgatewayconfigurations",
            singular: "staticgatewayconfiguration",
        },
        versions: [
            {
                name: "v1alpha1",
                served: true,
                storage: true,
                subresources: { status: {} },
                schema: {
                    openAPIV3Schema: {
                        type: "object",
                        properties: {
                            spec: {
                                type: "object",
                                properties: {
                                    gatewayNodepoolName: { type: "string" },
                                    publicIpPrefixId: { type: "string" },
                                    excludeCidrs: { type: "array", items: { type: "string" } },
                                },
                            },
                            status: { type: "object", properties: { egressIpPrefix: { type: "string" } } },
                        },
                    },
                },
            },
        ],
    },
};
