import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../../lab/build/build";
import { type ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { findOnPath } from "../../lab/engine/findOnPath";
import { KillPoint, killUpdate } from "../support/killedUpdate";
import { machine } from "../support/machine";
import { UserFolder } from "../support/userFolder";

const ROOT = join(__dirname, "../..");
const DEPLOYMENTS = "/apis/apps/v1/namespaces/killed/deployments";
const RECORDS = "/api/v1/namespaces/killed/secrets";

/** A chart of one Deployment; there is no node, so only one without replicas becomes ready. */
const CHART = {
    "Chart.yaml": "apiVersion: v2\nname: slow\nversion: 1.0.0\n",
    "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: released }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: released } }
  template:
    metadata: { labels: { app: released } }
    spec: { containers: [{ name: web, image: example/web }] }
`,
};

const PROJECT = {
    "Pulumi.yaml": "name: killed\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "package.json": JSON.stringify({ main: "index.js" }),
    "index.js": `
const kubernetes = require("@pulumi/kubernetes");
const { Config } = require("@pulumi/pulumi");
const config = new Config();
const replicas = config.requireNumber("replicas");
const provider = new kubernetes.Provider("cluster", {
    kubeconfig: require("node:fs").readFileSync("kubeconfig", "utf8"), clusterIdentifier: "killed", enableSecretMutable: true,
});
const { metadata: { name: namespace } } = new kubernetes.core.v1.Namespace("namespace", { metadata: { name: "killed" } }, { provider });
new kubernetes.core.v1.Secret("secret", {
    metadata: { name: "secret", namespace }, stringData: { password: config.requireSecret("password") },
}, { provider });
const labels = { app: "slow" };
new kubernetes.apps.v1.Deployment("slow", {
    metadata: { name: "slow", namespace, annotations: { note: config.get("text") ?? "one" } },
    spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "example/web" }] } },
    },
}, { provider });
new kubernetes.helm.v3.Release("release", { name: "slow", namespace, chart: "./slow", values: { replicas } }, { provider });
`,
};

describe("an update whose engine was killed with kill -9, and mesh-egress recover", function () {
    let cluster: ControlPlane;
    let user: UserFolder;

    before(async function () {
        const setup = await machine.engine(this);
        const { folder: languages } = await machine.languages(this);
        machine.program(this, "kubectl");
        const helm = findOnPath("helm") ?? binary("helm");
        const started = helm && (await startControlPlane());
        if (!helm || !started) {
            console.log("    skipped: no etcd, kube-apiserver, kube-controller-manager and helm; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        user = new UserFolder(setup, languages, { MESH_EGRESS_HELM: helm });
        symlinkSync(join(ROOT, "node_modules"), join(user.folder, "node_modules"));
        writeFileSync(join(user.folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
        mkdirSync(join(user.folder, "slow", "templates"), { recursive: true });
        Object.entries(CHART).forEach(([file, text]) => user.write(join("slow", file), text));
        Object.entries(PROJECT).forEach(([file, text]) => user.write(file, text));
        await user.run("pulumi stack init dev");
        await user.run("pulumi config set --secret password correct-horse-battery-staple");
        await user.run("pulumi config set replicas 1");
    });

    after(async () => {
        user?.leave();
        await cluster?.stop();
    });

    const recover = (...args: string[]) => {
        const command = [join(ROOT, "node_modules/.bin/tsx"), join(ROOT, "cli/main.ts"), "recover", "--stack", "dev"];
        return user.attempt([...command, "--kubeconfig", "./kubeconfig", ...args].join(" "));
    };
    const exists = async (path: string) => (await cluster.api.find(path)) !== undefined;
    const halfDone: KillPoint = {
        when: async () => (await exists(`${DEPLOYMENTS}/slow`)) && (await exists(`${DEPLOYMENTS}/released`)),
    };

    it("leaves objects that the next update cannot make", async () => {
        const { killed, output } = await killUpdate(user, halfDone);
        assert.ok(killed, output);
        const record = await cluster.api.get(`${RECORDS}/sh.helm.release.v1.slow.v1`);
        assert.equal(record.metadata.labels?.["status"], "pending-install");
        const { exitCode, stdout, stderr } = await user.attempt("pulumi up --yes --skip-preview");
        assert.notEqual(exitCode, 0);
        assert.match(stdout + stderr, /currently locked/);
    });

    it("is told, without a change", async () => {
        const { exitCode, stdout } = await recover();
        assert.equal(exitCode, 1);
        assert.match(stdout, /will be added to the state:\n(?: {2}.*\n)* {2}Deployment killed\/slow\n/);
        assert.match(stdout, /marked as failed:\n {2}Release killed\/slow \(pending-install\)\n/);
        const record = await cluster.api.get(`${RECORDS}/sh.helm.release.v1.slow.v1`);
        assert.equal(record.metadata.labels?.["status"], "pending-install");
    });

    it("is recovered by one command, and completed by the next update", async () => {
        const before = await cluster.api.get(`${DEPLOYMENTS}/slow`);
        const { exitCode, stdout, stderr } = await recover("--yes");
        assert.equal(exitCode, 0, stdout + stderr);
        assert.doesNotMatch(stdout + stderr, /correct-horse/);
        // Whatever keeps the environment from being ready is mended in the meantime.
        await user.run("pulumi config set replicas 0");
        const up = await user.run("pulumi up --yes --skip-preview");
        assert.doesNotMatch(up, /created|deleted|replaced/);
        const after = await cluster.api.get(`${DEPLOYMENTS}/slow`);
        assert.equal(after.metadata.uid, before.metadata.uid);
        assert.match(await user.run("pulumi preview"), /Resources:\n +\d+ unchanged\n/);
        assert.equal((await recover()).exitCode, 0);
    });

    it("is recovered where the engine was killed while it wrote the attributes of the state", async () => {
        const [attributes] = readdirSync(join(user.folder, ".state"), { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith("dev.json.attrs"))
            .map((file) => join(user.folder, ".state", file));
        writeFileSync(attributes, "");
        assert.match((await user.attempt("pulumi stack export")).stderr, /failed to load checkpoint: EOF/);
        const looked = await recover();
        assert.equal(looked.exitCode, 1, looked.stderr);
        assert.ok(looked.stdout.includes(attributes), looked.stdout);
        assert.equal((await recover("--yes")).exitCode, 0);
        assert.match(await user.run("pulumi preview"), /Resources:\n +\d+ unchanged\n/);
    });

    it("keeps the secret out of the state's plain text", async () => {
        const state = await user.run("pulumi stack export");
        assert.match(state, /"ciphertext"/);
        assert.doesNotMatch(state, /correct-horse|Y29ycmVjdC1ob3JzZ/);
    });

    it("leaves objects whose fields later change without a conflict", async () => {
        await user.run("pulumi config set text two");
        await user.run("pulumi up --yes --skip-preview");
        const { metadata } = await cluster.api.get(`${DEPLOYMENTS}/slow`);
        assert.equal(metadata.annotations?.["note"], "two");
    });

    it("recovers a release whose upgrade was killed, without another revision to roll back", async () => {
        await user.run("pulumi config set replicas 2");
        const pending = async () => {
            const path = `${RECORDS}/sh.helm.release.v1.slow.v3`;
            return (await cluster.api.get(path)).metadata.labels?.["status"] === "pending-upgrade";
        };
        const { killed, output } = await killUpdate(user, { when: pending });
        assert.ok(killed, output);
        assert.equal((await recover("--yes")).exitCode, 0);
        await user.run("pulumi config set replicas 0");
        await user.run("pulumi up --yes --skip-preview");
        assert.match(await user.run("pulumi preview"), /Resources:\n +\d+ unchanged\n/);
    });

    it("leaves nothing behind once it is destroyed", async () => {
        await user.run("pulumi destroy --yes");
        assert.equal(await cluster.api.find("/api/v1/namespaces/killed"), undefined);
    });
});
