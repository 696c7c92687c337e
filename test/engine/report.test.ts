import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { CertificateChain, EgressGateway, EgressRoute, ServiceMesh } from "../../components";
import { type ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { openStack } from "../../lab/engine";
import { previewReport } from "../../report";
import { deployEnvironment } from "../../stacks/environment";
import { azurePart } from "../support/azurePart";
import { pretendUpdated } from "../support/deployment";
import { EngineSetup, machine } from "../support/machine";
import { noCluster } from "../support/noCluster";
import { stackConfig } from "../support/stacks";

const CLUSTER = { kubeconfig: noCluster("a-token-that-nobody-may-see") };

const GATEWAY = { gatewayName: "egress", namespace: "istio-egress" };

/** Egress to the pods of one namespace. */
const TO_PAYMENTS = { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "payments" } } }] };

interface Route {
    credential: string;
    serviceAccounts: string[];
}

function routes(all: Record<string, Route>) {
    return () => {
        const cluster = new Provider("cluster", CLUSTER);
        for (const [host, { credential, serviceAccounts }] of Object.entries(all)) {
            new EgressRoute(
                host.split(".")[0],
                {
                    hosts: [host],
                    gateway: GATEWAY,
                    credential,
                    allowFrom: [{ namespace: "payments", serviceAccounts }],
                },
                { providers: [cluster] },
            );
        }
        return Promise.resolve();
    };
}

function chain(rotationTrigger: string) {
    return () => {
        new CertificateChain("chain", { clients: [{ name: "partner", rotationTrigger }] });
        return Promise.resolve();
    };
}

/** Istio and a gateway, from a repository that nothing asks before an update. */
function mesh(version: string) {
    return () => {
        const providers = [new Provider("cluster", CLUSTER)];
        const istio = new ServiceMesh(
            "mesh",
            { charts: { repository: "https://charts.example" }, version },
            { providers },
        );
        new EgressGateway("egress", { mesh: istio }, { providers });
        return Promise.resolve();
    };
}

/** An environment of the repository on Azure. */
function azure(name: string, kubernetesVersion: string, podRange?: string) {
    return () => {
        const { azure, ...config } = stackConfig(name);
        const cluster = { ...azure!.cluster, kubernetesVersion, ...(podRange && { podRange, replaceCluster: true }) };
        deployEnvironment({ ...config, azure: { ...azure!, cluster, protect: false } });
        return Promise.resolve();
    };
}

/** The lines of a part of the page. */
function linesOf(markdown: string, title: string): string[] {
    const [, part = ""] = markdown.split(new RegExp(`^(?:### |<details><summary>)${title}.*\n`, "m"));
    return part
        .split(/^(?:### |<)/m)[0]
        .trim()
        .split("\n");
}

describe("a report of previews by the real engine", function () {
    let setup: EngineSetup;
    let stateDir: string;

    before(async function () {
        setup = await machine.engine(this);
        stateDir = await mkdtemp(join(tmpdir(), "mesh-egress-report-"));
    });

    after(async () => {
        if (stateDir) {
            await rm(stateDir, { recursive: true });
        }
    });

    const open = (name: string, program: () => Promise<void>, more: Record<string, string> = {}): Promise<Stack> => {
        const stack = { name, project: "mesh-egress", program, stateDir, passphrase: "only for this test" };
        return openStack({ ...setup, ...stack, env: { ...setup.env, ...more } });
    };

    const preview = async (stack: Stack, part: { target?: string[] } = {}): Promise<EngineEvent[]> => {
        const events: EngineEvent[] = [];
        await stack.preview({ ...part, onEvent: (event) => void events.push(event) });
        return events;
    };

    const markdownOf = (events: EngineEvent[]) => {
        const { markdown, html } = previewReport(events, { stack: "routes", now: new Date() });
        assert.doesNotMatch(markdown + html, /a-token-that-nobody-may-see|PRIVATE KEY/);
        return markdown;
    };

    const billing = { credential: "partner-a", serviceAccounts: ["billing"] };
    const present = { "old.partner.example": billing, "api.partner.example": billing, "same.partner.example": billing };

    it("has the hosts of a first update", async () => {
        const markdown = markdownOf(await preview(await open("first", routes(present))));
        assert.match(markdown, /Hosts: 3 added\. /);
        assert.match(
            markdown,
            /^- `\+ api\.partner\.example`: mTLS, certificate `partner-a`, callers `payments\/billing`, port `443`$/m,
        );
    });

    it("tells one host that is added, one that is removed and one that changes, and no other", async () => {
        const first = await open("hosts", routes(present));
        await pretendUpdated(first, await preview(first), { "::cluster": CLUSTER });
        const next = {
            "new.partner.example": billing,
            "api.partner.example": { credential: "partner-b", serviceAccounts: ["billing", "refunds"] },
            "same.partner.example": billing,
        };
        const markdown = markdownOf(await preview(await open("hosts", routes(next))));
        assert.deepEqual(linesOf(markdown, "Hosts"), [
            "- `- old.partner.example`: mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
            "- `~ api.partner.example`: certificate `partner-a` → `partner-b`; " +
                "callers `payments/billing` → `payments/billing`, `payments/refunds`; DestinationRule (update); " +
                "VirtualService (update)",
            "- `+ new.partner.example`: mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
        ]);
        assert.match(markdown, /^- `\+ api\.partner\.example`: opened to `payments\/refunds`$/m);
        assert.match(markdown, /"same\.partner\.example"\]:::same/);
    });

    it("shows of one host that is added exactly that host's objects", async () => {
        const first = await open("one", routes(present));
        await pretendUpdated(first, await preview(first), { "::cluster": CLUSTER });
        const markdown = markdownOf(
            await preview(await open("one", routes({ ...present, "new.partner.example": billing }))),
        );
        assert.match(markdown, /^Hosts: 1 added\. Resources: 4 created\.$/m);
        assert.deepEqual(linesOf(markdown, "Updated and created"), [
            "- `+ new`: `EgressRoute` mesh-egress",
            "- `+ new-new.partner.example`: `DestinationRule` networking.istio.io",
            "- `+ new-service-entry`: `ServiceEntry` networking.istio.io",
            "- `+ new-virtual-service`: `VirtualService` networking.istio.io",
        ]);
        assert.deepEqual(linesOf(markdown, "Hosts"), [
            "- `+ new.partner.example`: mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
        ]);
        assert.deepEqual(linesOf(markdown, "Opened and closed to the outside"), [
            "- `+ new.partner.example`: opened to `payments/billing`",
        ]);
        assert.doesNotMatch(markdown, /### (Replaced|Certificates|What it means)/);
    });

    it("tells of a cluster's new version what is updated, nothing replaced, and what it means for calls", async () => {
        const first = await open("upgrade", azure("prod", "1.35"));
        const part = await azurePart(first);
        await first.up({ onOutput: () => {}, ...part });
        const markdown = markdownOf(await preview(await open("upgrade", azure("prod", "1.36")), part));
        assert.doesNotMatch(markdown, /Replaced and deleted/);
        const effects = linesOf(markdown, "What it means for calls");
        assert.deepEqual(
            effects.map((line) => line.split(/: |;/).slice(0, 2)),
            [
                ["- `~ egress-aks-apps-pool`", "nodes `1.35` → `1.36`, in place"],
                ["- `~ egress-aks-cluster`", "Kubernetes `1.35` → `1.36`, in place"],
                ["- `~ egress-aks-egress-pool`", "nodes `1.35` → `1.36`, in place"],
            ],
        );
        assert.match(effects[2], /the gateway's pods move: with two replicas or more, calls continue/);
        for (const name of ["egress-aks-cluster", "egress-aks-egress-pool", "egress-aks-apps-pool"]) {
            assert.ok(
                linesOf(markdown, "Updated and created").some((line) => line.startsWith(`- \`~ ${name}\``)),
                name,
            );
        }
    });

    it("tells of a cluster that would be replaced that no call leaves meanwhile", async () => {
        const first = await open("moving", azure("dev", "1.35"));
        const part = await azurePart(first);
        await first.up({ onOutput: () => {}, ...part });
        const markdown = markdownOf(await preview(await open("moving", azure("dev", "1.35", "10.245.0.0/16")), part));
        assert.match(
            markdown,
            /^- `± egress-aks-cluster`: `ManagedCluster` azure-native containerservice, for `networkProfile`$/m,
        );
        assert.match(
            linesOf(markdown, "What it means for calls").join("\n"),
            /`± egress-aks-cluster`: replaced: .*no call leaves/,
        );
    });

    it("tells of Istio's new version what each chart's means for calls", async () => {
        const first = await open("istio", mesh("1.30.2"));
        await pretendUpdated(first, await preview(first), { "::cluster": CLUSTER });
        const markdown = markdownOf(await preview(await open("istio", mesh("1.31.0"))));
        const lines = linesOf(markdown, "What it means for calls");
        const moved = "chart `1.30.2` → `1.31.0`";
        assert.deepEqual(
            lines.map((line) => line.split(/[;:] /).slice(0, 3)),
            [
                ["- `~ egress-release`", moved, "its pods are replaced one by one"],
                ["- `~ mesh-base`", moved, "Istio's CRDs"],
                ["- `~ mesh-istiod`", moved, "the control plane"],
            ],
        );
        assert.doesNotMatch(markdown, /Replaced and deleted/);
    });

    it("tells of a reissued certificate until when it and its successor last", async () => {
        const first = await open("rotation", chain("1"));
        await first.up();
        const markdown = markdownOf(await preview(await open("rotation", chain("2"))));
        assert.match(
            markdown,
            /^- `± chain-client-partner`: certificate, the current one is valid until [\d-]{10} [\d:]{5} UTC, updated now, the new one is valid until about [\d-]{10} [\d:]{5} UTC$/m,
        );
        assert.match(markdown, /new private key/);
    });

    describe("of what somebody changed by hand", () => {
        const PATH = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
        let cluster: ControlPlane;

        before(async function () {
            const started = await startControlPlane();
            if (!started) {
                console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
                return this.skip();
            }
            cluster = started;
        });

        after(() => cluster?.stop());

        it("says what a policy opens that was opened by hand, that a deleted one opens, and what stays open", async () => {
            const program = () => {
                const opts = { provider: new Provider("cluster", { kubeconfig: cluster.kubeconfig }) };
                for (const name of ["added", "changed", "deleted"]) {
                    const spec = { podSelector: {}, policyTypes: ["Egress"], egress: [TO_PAYMENTS] };
                    new NetworkPolicy(name, { metadata: { name, namespace: "default" }, spec }, opts);
                }
                return Promise.resolve();
            };
            // As in the nightly preview: without it the plugin refuses to preview over the other owner of a field.
            const stack = await open("by-hand", program, { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" });
            await stack.up();
            const refreshed = async () => {
                const events: EngineEvent[] = [];
                await stack.preview({ refresh: true, onEvent: (event) => void events.push(event) });
                return markdownOf(events);
            };
            assert.match(await refreshed(), /Nothing changes/);
            const edit = (name: string, egress: object[]) =>
                cluster.api.request(
                    "PATCH",
                    `${PATH}/${name}?fieldManager=kubectl-edit`,
                    { spec: { egress } },
                    "application/merge-patch+json",
                );
            await edit("added", [TO_PAYMENTS, {}]);
            await edit("changed", [{}]);
            await cluster.api.request("DELETE", `${PATH}/deleted`);
            const markdown = await refreshed();
            assert.deepEqual(linesOf(markdown, "Changed by hand"), [
                "- `~ changed`: `NetworkPolicy` networking.k8s.io",
                "- `- deleted`: `NetworkPolicy` networking.k8s.io was deleted",
                // An element that the program does not have is none of its inputs.
                "- `~ added`: `NetworkPolicy` networking.k8s.io; the next update does not undo it",
            ]);
            assert.deepEqual(linesOf(markdown, "Opened and closed to the outside"), [
                "- `+ changed`: opened by hand: pods may call every address, or almost every one",
                "- `+ deleted`: opened by hand: network policy deleted",
                "- `+ added`: opened by hand: pods may call every address, or almost every one",
            ]);
            await stack.destroy();
        });
    });
});
