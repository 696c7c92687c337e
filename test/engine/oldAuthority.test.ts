import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { CertManagerChain } from "../../components";
import { ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { openStack } from "../../lab/engine";
import { Cluster, waitFor } from "../../lab/proof/cluster";
import { CERT_MANAGER_NAMESPACE, CertManagerControllers } from "../support/certManager";
import { EngineSetup, machine } from "../support/machine";

/** Names of the page's example. */
const GATEWAY = "istio-egress";
const MOVED = "egress-chain";
const LEFT = "other-chain";

const PAGE = join(__dirname, "../../docs/certificates.md");

/** The objects of a `CertManagerChain` of version 0.1.0 with one client, under the names that it gave its resources. */
class ChainOf010 extends pulumi.ComponentResource {
    constructor(name: string, opts: pulumi.ComponentResourceOptions) {
        super("mesh-egress:index:CertManagerChain", name, {}, opts);
        const annotations = { "pulumi.com/waitFor": "condition=Ready" };
        const make = (child: string, kind: string, metadata: object, spec: object, dependsOn: pulumi.Resource[]) =>
            new CustomResource(
                `${name}-${child}`,
                { apiVersion: "cert-manager.io/v1", kind, metadata: { ...metadata, annotations }, spec },
                { parent: this, dependsOn },
            );
        const by = (issuer: string) => ({
            subject: { organizations: ["mesh-egress"] },
            issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
        });
        const key = { algorithm: "ECDSA", size: 256, encoding: "PKCS8" };
        const selfSigned = make(
            "self-signed",
            "ClusterIssuer",
            { name: `${name}-self-signed` },
            { selfSigned: {} },
            [],
        );
        const root = { name: `${name}-root`, namespace: CERT_MANAGER_NAMESPACE };
        const rootSpec = {
            ...by(`${name}-self-signed`),
            secretName: root.name,
            isCA: true,
            commonName: `${name} root`,
            usages: ["cert sign", "crl sign"],
            privateKey: { ...key, rotationPolicy: "Never" },
            ...{ duration: "87600h", renewBefore: "26280h" },
        };
        const authority = make("root", "Certificate", root, rootSpec, [selfSigned]);
        const ca = { ca: { secretName: root.name } };
        const issuer = make("issuer", "ClusterIssuer", { name }, ca, [authority]);
        const client = { name: `${name}-partner`, namespace: GATEWAY };
        const clientSpec = {
            ...by(name),
            secretName: client.name,
            commonName: "partner",
            usages: ["digital signature", "client auth"],
            privateKey: { ...key, rotationPolicy: "Always" },
            ...{ duration: "2160h", renewBefore: "720h" },
        };
        make("client-partner", "Certificate", client, clientSpec, [issuer]);
    }
}

const today = (name: string, providers: pulumi.ProviderResource[]) =>
    new CertManagerChain(
        name,
        {
            gateway: { gatewayName: "door", namespace: GATEWAY },
            clients: [{ name: "partner", secretName: `${name}-partner` }],
        },
        { providers },
    );

/** A real API server and cert-manager's own controllers; the engine updates what 0.1.0 made. */
describe("an authority of version 0.1.0, moved to the gateway's namespace", function () {
    this.timeout(240_000);
    let setup: EngineSetup;
    let controlPlane: ControlPlane;
    let cluster: Cluster;
    let controllers: CertManagerControllers;
    let folder: string;

    before(async function () {
        setup = await machine.engine(this);
        const { path } = await machine.tool(this, "cert-manager-controllers");
        machine.program(this, "kubectl");
        const started = await startControlPlane();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
            return this.skip();
        }
        controlPlane = started;
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-old-authority-"));
        const kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, controlPlane.kubeconfig, { mode: 0o600 });
        cluster = new Cluster(kubeconfig);
        controllers = await CertManagerControllers.start(cluster, path, kubeconfig);
        await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: GATEWAY } });
    });

    after(async () => {
        await controllers?.stop();
        await controlPlane?.stop();
        if (folder) {
            rmSync(folder, { recursive: true });
        }
    });

    const stackOf = (chain: (name: string, providers: pulumi.ProviderResource[]) => void) =>
        openStack({
            ...setup,
            name: "moved",
            project: "old-authority",
            stateDir: folder,
            passphrase: "only for this test",
            program: () => {
                const cluster = { kubeconfig: controlPlane.kubeconfig, clusterIdentifier: "old-authority" };
                const provider = new Provider("cluster", { ...cluster, enableSecretMutable: true });
                [MOVED, LEFT].forEach((name) => chain(name, [provider]));
                return Promise.resolve();
            },
        });

    async function secret(namespace: string, name: string): Promise<Record<string, string>> {
        const { data = {} } = await cluster.core.readNamespacedSecret({ namespace, name });
        return Object.fromEntries(
            Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
        );
    }

    const certificate = async (namespace: string, name: string) =>
        new X509Certificate((await secret(namespace, name))["tls.crt"]);

    it("keeps its key by the page's command, and partners accept its client by the root that they have", async () => {
        await (await stackOf((name, providers) => new ChainOf010(name, { providers }))).up();
        const command = /^kubectl get secret egress-chain-root .*$/m.exec(readFileSync(PAGE, "utf8"))?.[0] ?? "";
        const old = await certificate(CERT_MANAGER_NAMESPACE, `${MOVED}-root`);
        assert.ok((await certificate(GATEWAY, `${MOVED}-partner`)).verify(old.publicKey));
        const key = (await secret(CERT_MANAGER_NAMESPACE, `${MOVED}-root`))["tls.key"];
        const env = { ...process.env, KUBECONFIG: join(folder, "kubeconfig") };
        const printed = execFileSync("sh", ["-c", command], { env, encoding: "utf8" });
        assert.equal(printed, "secret/egress-chain-root created\n");

        const stack = await stackOf(today);
        await stack.up();
        assert.equal((await secret(GATEWAY, `${MOVED}-root`))["tls.key"], key);
        const client = await waitFor("a certificate of the new issuer", 60, async () => {
            const { metadata } = await cluster.core.readNamespacedSecret({
                namespace: GATEWAY,
                name: `${MOVED}-partner`,
            });
            const isNew = metadata?.annotations?.["cert-manager.io/issuer-kind"] === "Issuer";
            return isNew && (await certificate(GATEWAY, `${MOVED}-partner`));
        });
        assert.ok(client.checkIssued(old) && client.verify(old.publicKey));
        const state = JSON.stringify(await stack.exportStack());
        assert.ok(
            !state.includes(Buffer.from(key).toString("base64")) && !state.includes(JSON.stringify(key).slice(1, -1)),
        );
    });

    it("is another without the command, and its ClusterIssuer is gone either way", async () => {
        const old = await certificate(CERT_MANAGER_NAMESPACE, `${LEFT}-root`);
        const client = await waitFor("a certificate of the new issuer", 60, async () => {
            const now = await certificate(GATEWAY, `${LEFT}-partner`);
            const root = await certificate(GATEWAY, `${LEFT}-root`);
            return now.verify(root.publicKey) && now;
        });
        assert.equal(client.verify(old.publicKey), false);
        const issuers = await controlPlane.api.get<{ items: unknown[] }>("/apis/cert-manager.io/v1/clusterissuers");
        assert.deepEqual(issuers.items, []);
    });
});
