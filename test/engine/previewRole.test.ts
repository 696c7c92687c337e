import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { loadAll } from "js-yaml";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import { EgressCredential, EgressRoute } from "../../components";
import { builtCharts } from "../../lab/build/build";
import { type ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { openStack } from "../../lab/engine";
import type { KubernetesObject } from "../../lab/standins/kubernetes/apiClient";
import { applyCrds } from "../support/applyCrds";
import { issue, keyPem } from "../support/certificates";
import { type EngineSetup, machine } from "../support/machine";
import { bindClusterRole, serviceAccount } from "../support/serviceAccount";

const ROOT = join(__dirname, "../..");
const ROUTE = "/apis/networking.istio.io/v1/namespaces/istio-egress/virtualservices/api-partner-example";
const GATEWAY = { gatewayName: "egress", namespace: "istio-egress" };
const PATHS: Record<string, string> = {
    ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    ValidatingAdmissionPolicy: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    ValidatingAdmissionPolicyBinding: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
};

/** docs/samples/preview-role.yaml at a real API server. */
describe("an identity that only previews", function () {
    this.timeout(240_000);
    let setup: EngineSetup;
    let cluster: ControlPlane;
    let folder: string;
    let previewer: string;
    let pem: { certificate: string; privateKey: string; serverCa: string };

    before(async function () {
        setup = await machine.engine(this);
        const [started, charts] = [await startControlPlane(), builtCharts()];
        if (!started || !charts) {
            await started?.stop();
            console.log("    skipped: no API server or no definitions of Istio; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-preview-role-"));
        await applyCrds(cluster, join(charts.base, "files", "crd-all.gen.yaml"));
        const now = Date.now();
        const valid = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 300 * 86_400_000) };
        const ca = await issue({ ...valid, subject: "CN=Example CA", ca: true });
        const client = await issue({ ...valid, subject: "CN=payments", issuer: ca, usage: "client" });
        pem = { certificate: client.certificate, privateKey: keyPem(client.key), serverCa: ca.certificate };
        previewer = await serviceAccount(cluster, "previewer");
        const sample = await readFile(join(ROOT, "docs/samples/preview-role.yaml"), "utf8");
        for (const object of loadAll(sample) as KubernetesObject[]) {
            await cluster.api.request("POST", PATHS[object.kind ?? ""], object);
        }
        await bindClusterRole(cluster, "previewer", "mesh-egress-preview");
        await (await open(cluster.kubeconfig)).up({ onOutput: () => undefined });
    });

    after(async () => {
        await cluster?.stop();
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    function open(kubeconfig: string, timeoutSeconds = 30) {
        return openStack({
            ...setup,
            ...{ name: "role", project: "role", stateDir: join(folder, "state"), passphrase: "only for this test" },
            program: () => {
                // As in the nightly preview.
                const args = { kubeconfig, clusterIdentifier: "this", enablePatchForce: true };
                const provider = new Provider("cluster", args);
                const opts = { providers: [provider] };
                const { metadata } = new Namespace(
                    "namespace",
                    { metadata: { name: GATEWAY.namespace } },
                    { provider },
                );
                const gateway = { ...GATEWAY, namespace: metadata.name };
                const { secretName } = new EgressCredential("partner", { gateway, ...pem }, opts);
                new EgressRoute(
                    "partner",
                    {
                        gateway,
                        hosts: ["api.partner.example"],
                        credential: secretName,
                        allowFrom: [{ namespace: "payments" }],
                        timeoutSeconds,
                    },
                    opts,
                );
                return Promise.resolve();
            },
        });
    }

    it("previews and sees what was changed by hand", async () => {
        await cluster.api.request(
            "PATCH",
            `${ROUTE}?fieldManager=kubectl-edit`,
            { spec: { exportTo: ["*"] } },
            "application/merge-patch+json",
        );
        const events: EngineEvent[] = [];
        const stack = await open(previewer);
        await stack.preview({ refresh: true, onEvent: (event) => void events.push(event) });
        const changed = events.flatMap(({ resourcePreEvent }) =>
            resourcePreEvent && !["same", "refresh", "read"].includes(resourcePreEvent.metadata.op)
                ? [resourcePreEvent.metadata.urn.split("::").at(-1)]
                : [],
        );
        assert.deepEqual(changed.sort(), ["cluster", "partner-virtual-service"]);
    });

    it("cannot update", async () => {
        const stack = await open(previewer, 60);
        await assert.rejects(stack.up({ onOutput: () => undefined }), /This identity may only preview/);
    });

    it("is not what an administrator is", async () => {
        const stack = await open(cluster.kubeconfig, 60);
        assert.equal((await stack.up({ onOutput: () => undefined })).summary.result, "succeeded");
    });

    it("needs the right to patch, and no other role sees enough", async () => {
        const viewer = await serviceAccount(cluster, "viewer");
        await bindClusterRole(cluster, "viewer", "view");
        await assert.rejects((await open(viewer)).preview({ refresh: true }), /forbidden/);
    });
});
