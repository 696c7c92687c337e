import assert from "node:assert/strict";
import { ControlPlane, startControlPlane, until } from "../../lab/controlPlane";
import { NODE_NAMESPACES, egressNodeAdmission } from "../../plan/azure/egressNodeAdmission";
import { EGRESS_POOL, egressNodeSelector, egressToleration } from "../../plan/azure/nodePool";

const GATEWAY = "istio-egress";
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";

/** A real API server decides; there are no nodes. */
describe("the admission rule of the egress nodes, in a real API server", function () {
    this.timeout(120_000);
    let cluster: ControlPlane;

    before(async function () {
        const started = await startControlPlane();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        for (const name of [GATEWAY, "payments"]) {
            await cluster.api.request("POST", "/api/v1/namespaces", { metadata: { name } });
            await until("the namespace has a service account", async () =>
                Boolean(await cluster.api.find(`/api/v1/namespaces/${name}/serviceaccounts/default`)),
            );
        }
        await cluster.api.request(
            "POST",
            "/api/v1/namespaces/payments/pods",
            podOf({ tolerations: [egressToleration] }, "before"),
        );
        const { policy, binding } = egressNodeAdmission({ name: "nodes", namespaces: [GATEWAY, ...NODE_NAMESPACES] });
        await cluster.api.request("POST", `${ADMISSION}/validatingadmissionpolicies`, policy);
        await cluster.api.request("POST", `${ADMISSION}/validatingadmissionpolicybindings`, binding);
        await until("the policy is in force", async () => (await refusal({ nodeSelector: egressNodeSelector })) !== "");
    });

    after(() => cluster?.stop());

    /** What the API server says against such a pod; empty where it takes it. */
    const refusal = (spec: object, namespace = "payments") =>
        cluster.api.request("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, podOf(spec)).then(
            () => "",
            (error: unknown) => String(error),
        );

    const refused: [what: string, spec: object, message: RegExp][] = [
        ["a toleration of their taint", { tolerations: [egressToleration] }, /tolerations: the pod could run/],
        ["one of any value and effect", { tolerations: [{ key: EGRESS_POOL, operator: "Exists" }] }, /tolerations:/],
        ["one of every taint", { tolerations: [{ operator: "Exists" }] }, /tolerations:/],
        [
            "one of every taint that keeps pods away",
            { tolerations: [{ operator: "Exists", effect: "NoSchedule" }] },
            /tolerations:/,
        ],
        [
            "one of the taint of AKS's own gateway nodes",
            { tolerations: [{ key: "kubeegressgateway.azure.com/mode", operator: "Exists" }] },
            /tolerations:/,
        ],
        ["their label", { nodeSelector: egressNodeSelector }, /nodeSelector: the nodes with mesh-egress\/pool/],
        ["the name of a node", { nodeName: "aks-egress-1" }, /nodeName: the pod would go past the scheduler/],
    ];
    for (const [what, spec, message] of refused) {
        it(`refuses ${what} of somebody else's pod, and lets the gateway's have it`, async () => {
            assert.match(await refusal(spec), message);
            assert.equal(await refusal(spec, GATEWAY), "");
            assert.equal(await refusal(spec, "kube-system"), "");
        });
    }

    for (const [what, spec] of [
        ["a plain pod", {}],
        ["tolerations of other taints", { tolerations: [{ key: "spot", operator: "Exists", effect: "NoSchedule" }] }],
        ["waiting out a drain", { tolerations: [{ operator: "Exists", effect: "NoExecute" }] }],
        ["other nodes", { nodeSelector: { "kubernetes.io/os": "linux" } }],
    ] as const) {
        it(`takes ${what}`, async () => assert.equal(await refusal(spec), ""));
    }

    it("refuses a toleration that is added later, and lets a pod that had one be changed and deleted", async () => {
        const path = "/api/v1/namespaces/payments/pods";
        await cluster.api.request("POST", path, podOf({}, "later"));
        const patch = (name: string, change: object) =>
            cluster.api.request("PATCH", `${path}/${name}`, change, "application/strategic-merge-patch+json");
        await assert.rejects(
            patch("later", { spec: { tolerations: [egressToleration] } }),
            /tolerations: the pod could run/,
        );
        await patch("before", { metadata: { labels: { changed: "yes" } } });
        await cluster.api.request("DELETE", `${path}/before`);
    });
});

function podOf(spec: object, name = "asked") {
    return { metadata: { name }, spec: { containers: [{ name: "app", image: "registry.test/app" }], ...spec } };
}
