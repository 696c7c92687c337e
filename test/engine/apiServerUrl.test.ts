import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { machine } from "../support/machine";
import { UserFolder } from "../support/userFolder";

const ROOT = join(__dirname, "../..");

const PROJECT = {
    "Pulumi.yaml": "name: spelled\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "package.json": JSON.stringify({ main: "index.js" }),
    "index.js": `
const kubernetes = require("@pulumi/kubernetes");
const { Config } = require("@pulumi/pulumi");
const kubeconfig = require("node:fs").readFileSync("kubeconfig", "utf8");
const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier: new Config().get("identifier") });
new kubernetes.core.v1.ConfigMap("map", { metadata: { name: "spelled", namespace: "default" }, data: { key: "text" } }, { provider });
`,
};

/** The steps of docs/recovery.md, "The API server's URL changed", typed as commands. */
describe("another spelling of the API server's URL, without clusterIdentifier", function () {
    let cluster: ControlPlane;
    let user: UserFolder;
    const otherSpelling = () => cluster.kubeconfig.replace(/https:\/\/127\.0\.0\.1:/, "https://localhost:");

    before(async function () {
        const setup = await machine.engine(this);
        const { folder: languages } = await machine.languages(this);
        const started = await startControlPlane();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        assert.notEqual(otherSpelling(), cluster.kubeconfig);
        user = new UserFolder(setup, languages);
        symlinkSync(join(ROOT, "node_modules"), join(user.folder, "node_modules"));
        Object.entries(PROJECT).forEach(([file, text]) => user.write(file, text));
        user.write("kubeconfig", cluster.kubeconfig);
        await user.run("pulumi stack init dev");
        await user.run("pulumi up --yes");
    });

    after(async () => {
        user?.leave();
        await cluster?.stop();
    });

    it("would replace everything", async () => {
        user.write("kubeconfig", otherSpelling());
        assert.match(await user.run("pulumi preview"), /\+-2 to replace/);
    });

    it("replaces nothing once the state has an identifier, which is added under the old spelling", async () => {
        user.write("kubeconfig", cluster.kubeconfig);
        await user.run("pulumi config set identifier payments-prod");
        const preview = await user.run("pulumi preview --diff");
        assert.match(preview, /clusterIdentifier/);
        assert.match(preview, /~ 1 to update\n/);
        assert.doesNotMatch(preview, /replace/);
        await user.run("pulumi up --yes");
        user.write("kubeconfig", otherSpelling());
        assert.doesNotMatch(await user.run("pulumi preview"), /replace|delete|create/);
        await user.run("pulumi up --yes");
        await user.run("pulumi destroy --yes");
    });
});
