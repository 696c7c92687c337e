import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as k8s from "@kubernetes/client-node";
import { directoryOf } from "../../lab/build/cache";
import { gatewayApiArtifact } from "../../lab/build/gatewayApi";
import { istioFilesArtifact } from "../../lab/build/istioFiles";
import { ControlPlane, startControlPlane, until } from "../../lab/controlPlane";
import { findOnPath } from "../../lab/engine/findOnPath";
import type { AnyObject } from "../../lab/proof/cluster";
import { Admission } from "../../plan/egress/lockdown/admission";
import {
    CLAIM_CHECK_ACCOUNT,
    claimCheckAdmission,
    claimCheckRules,
    claimCheckScript,
    inForceRules,
} from "../../plan/egress/lockdown/claimCheck";
import { gatewayClaimAdmission } from "../../plan/egress/lockdown/gatewayClaimAdmission";
import { hostClaimAdmission } from "../../plan/egress/lockdown/hostClaimAdmission";
import { applyCrds } from "../support/applyCrds";
import { claims, gatewayApiClaims, noClaims, noGatewayApiClaims, openClaims } from "../support/adversary/claims";

const GATEWAY = { name: "door", namespace: "egress" };
const HOST = "api.partner.example";
const NAMES = { host: HOST, gateway: GATEWAY };
const CHECK = "lock-check";
const ISTIO = "/apis/networking.istio.io/v1";
const GATEWAY_API = "/apis/gateway.networking.k8s.io/v1";
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const PLURALS: Record<string, string> = { ServiceEntry: "serviceentries" };

interface Ended {
    code: number | null;
    text: string;
}

/** The check's own script, with curl, and a real API server with Istio's CRDs. There are no nodes and no istiod. */
describe("the check for claims, before a real API server", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    let folder: string;
    let token: string;
    let gatewayApi: string | undefined;

    const make = (path: string, object: object) => cluster.api.request("POST", path, object);

    before(async function () {
        const crds = join(directoryOf(istioFilesArtifact()), "charts", "base", "files", "crd-all.gen.yaml");
        const started = existsSync(crds) && findOnPath("curl") ? await startControlPlane() : undefined;
        if (!started) {
            console.log("    skipped: no kube-apiserver, Istio's files or curl; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-claims-"));
        const others = join(directoryOf(gatewayApiArtifact()), "crds.yaml");
        gatewayApi = existsSync(others) ? others : undefined;
        for (const file of [crds, ...(gatewayApi ? [gatewayApi] : [])]) {
            await applyCrds(cluster, file);
        }
        for (const name of [GATEWAY.namespace, CHECK, "shop", "payments"]) {
            await make("/api/v1/namespaces", { metadata: { name } });
        }
        await make(`/api/v1/namespaces/${CHECK}/serviceaccounts`, { metadata: { name: CLAIM_CHECK_ACCOUNT } });
        const subjects = [{ kind: "ServiceAccount", name: CLAIM_CHECK_ACCOUNT, namespace: CHECK }];
        const roleRef = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: "claims" });
        const metadata = { name: "claims" };
        await make(`${RBAC}/clusterroles`, { metadata, rules: claimCheckRules() });
        await make(`${RBAC}/clusterrolebindings`, { metadata, subjects, roleRef: roleRef("ClusterRole") });
        const inside = `${RBAC}/namespaces/${CHECK}`;
        await make(`${inside}/roles`, { metadata, rules: inForceRules() });
        await make(`${inside}/rolebindings`, { metadata, subjects, roleRef: roleRef("Role") });
        const account = `/api/v1/namespaces/${CHECK}/serviceaccounts/${CLAIM_CHECK_ACCOUNT}/token`;
        const { status } = (await make(account, { spec: {} })) as { status: { token: string } };
        token = status.token;
        writeFileSync(join(folder, "token"), token, { mode: 0o600 });
        writeFileSync(join(folder, "ca.crt"), "");
        // The API server's certificate is its own.
        writeFileSync(join(folder, "curl"), `#!/bin/sh\nexec ${findOnPath("curl")} -k "$@"\n`);
        chmodSync(join(folder, "curl"), 0o755);
        for (const kinds of [`${ISTIO}/serviceentries`, ...(gatewayApi ? [`${GATEWAY_API}/listenersets`] : [])]) {
            await until("the kinds of Istio and of the Gateway API", async () =>
                Boolean(await cluster.api.find(kinds)),
            );
        }
        await make(`${ISTIO}/namespaces/${GATEWAY.namespace}/serviceentries`, {
            apiVersion: "networking.istio.io/v1",
            kind: "ServiceEntry",
            metadata: { name: "partner" },
            spec: { hosts: [HOST], ports: [{ number: 80, name: "http", protocol: "HTTP" }], resolution: "DNS" },
        });
        await allow(hostClaimAdmission("lock-host-claims", GATEWAY));
        await allow(gatewayClaimAdmission("lock-gateway-claims", GATEWAY));
    });

    after(async () => {
        await cluster?.stop();
        if (folder) {
            rmSync(folder, { recursive: true });
        }
    });

    async function allow({ policy, binding }: Admission): Promise<void> {
        await make(`${ADMISSION}/validatingadmissionpolicies`, policy);
        await make(`${ADMISSION}/validatingadmissionpolicybindings`, binding);
    }

    function check(seconds = 30): Promise<Ended> {
        const { server } = k8s.loadYaml<{ clusters: { cluster: { server: string } }[] }>(cluster.kubeconfig).clusters[0]
            .cluster;
        const { hostname, port } = new URL(server);
        const script = claimCheckScript(
            {
                checkNamespace: CHECK,
                gateway: GATEWAY,
                meshNamespace: "mesh-root",
                inForce: "lock-claims",
                policies: ["lock-host-claims", "lock-gateway-claims"],
                exempt: [],
                concerned: ["payments"],
            },
            seconds,
        ).replace("/var/run/secrets/kubernetes.io/serviceaccount", folder);
        const env = {
            PATH: `${folder}:${process.env.PATH}`,
            TMPDIR: folder,
            KUBERNETES_SERVICE_HOST: hostname,
            KUBERNETES_SERVICE_PORT: port,
        };
        return new Promise((resolve) => {
            const child = spawn("sh", ["-c", script], { env });
            let text = "";
            child.stdout.on("data", (part: Buffer) => (text += part.toString()));
            child.stderr.on("data", (part: Buffer) => (text += part.toString()));
            child.once("close", (code) => resolve({ code, text }));
        });
    }

    const collection = (kind: string, namespace: string, api = ISTIO) =>
        `${api}/namespaces/${namespace}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`;
    const place = ({ kind = "", apiVersion }: AnyObject) => collection(kind, "shop", `/apis/${apiVersion}`);
    const found = <T>(all: T[]): T[] => (gatewayApi ? all : []);

    it("does not begin before the lockdown's policies are in force", async () => {
        const { code, text } = await check(1);
        assert.equal(code, 1, text);
        assert.match(text, /cannot tell whether the lockdown's admission policies are in force/);
        await allow(claimCheckAdmission("lock-claims", CHECK));
    });

    it("is content with what claims nothing, and with what no other namespace sees", async () => {
        for (const [index, object] of [...noClaims(NAMES), ...found(noGatewayApiClaims(NAMES))].entries()) {
            await make(place(object), { ...object, metadata: { name: `none-${index}` } });
        }
        const own = { hosts: [HOST], http: [{ route: [{ destination: { host: "own" } }] }], exportTo: ["."] };
        const object = { apiVersion: "networking.istio.io/v1", kind: "VirtualService", metadata: { name: "private" } };
        await make(collection("VirtualService", "shop"), { ...object, spec: own });
        const { code, text } = await check();
        assert.equal(code, 0, text);
        await make(collection("VirtualService", "payments"), { ...object, spec: own });
        const beside = await check();
        assert.equal(beside.code, 1, beside.text);
        assert.match(
            beside.text,
            /^1 objects .*- virtualservices payments\/private: The host api[.]partner[.]example/s,
        );
        await cluster.api.request("DELETE", `${collection("VirtualService", "payments")}/private`);
    });

    it("finds every claim, in every spelling that Istio accepts, and changes nothing", async () => {
        const all = [...claims(NAMES), ...openClaims(NAMES), ...found(gatewayApiClaims(NAMES))];
        for (const [index, { object }] of all.entries()) {
            await make(place(object), { ...object, metadata: { name: `claim-${index}` } });
        }
        const versions = async () => {
            const lists = ["DestinationRule", "Gateway", "ServiceEntry", "VirtualService"].map((kind) =>
                cluster.api.find(collection(kind, "shop")),
            );
            return (await Promise.all(lists)).map((list) =>
                (list as unknown as { items: k8s.KubernetesObject[] }).items.map(
                    ({ metadata }) => `${metadata?.name} ${metadata?.resourceVersion}`,
                ),
            );
        };
        const before = await versions();
        const { code, text } = await check();
        assert.equal(code, 1, text);
        assert.match(text, new RegExp(`^${all.length} objects claim a host of the egress gateway egress/door`));
        assert.deepEqual(await versions(), before);
    });

    it("has an account that can change nothing", async () => {
        const server = (JSON.parse(cluster.kubeconfig) as { clusters: { cluster: { server: string } }[] }).clusters[0];
        const patch = (query: string) =>
            new Promise<string>((resolve) => {
                const url = `${server.cluster.server}${collection("VirtualService", "shop")}/none-0?${query}`;
                const args = ["-s", "-X", "PATCH", "-H", "Content-Type: application/merge-patch+json", url];
                const body = ["--data", '{"metadata":{"labels":{"a":"b"}}}', "-H", `Authorization: Bearer ${token}`];
                const child = spawn(join(folder, "curl"), [...args, ...body]);
                let text = "";
                child.stdout.on("data", (part: Buffer) => (text += part.toString()));
                child.once("close", () => resolve(text));
            });
        assert.match(await patch(""), /send the request as a dry run/);
        assert.match(await patch("dryRun=All"), /"kind": *"VirtualService"/);
    });
});
