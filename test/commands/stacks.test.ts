import assert from "node:assert/strict";
import { join } from "node:path";
import { binary } from "../../lab/build/build";
import { LocalCluster } from "../../lab/local/cluster";
import { namespacesOf } from "../support/clusterState";
import { machine } from "../support/machine";
import { RepositoryCopy } from "../support/repositoryCopy";

/** The commands of docs/getting-started.md, each as a command, with the language host and the plugins it starts. */
describe("the stacks of the repository, by the pulumi command", function () {
    let clone: RepositoryCopy;
    let local: LocalCluster;
    let isUp = false;

    before(async function () {
        const setup = await machine.engine(this);
        const { folder } = await machine.languages(this);
        local = await machine.emptyCluster(this);
        const helm = binary("helm");
        clone = new RepositoryCopy(setup, folder, {
            KUBECONFIG: local.kubeconfig,
            ...(helm && { MESH_EGRESS_HELM: helm }),
        });
    });

    after(async () => {
        if (isUp) {
            await clone.attempt("pulumi destroy --yes");
        }
        clone?.leave();
    });

    it("starts a stack, which adds the salt of its secrets to the stack's file and nothing else", async () => {
        const file = "stacks/Pulumi.local.yaml";
        const before = clone.read(file);
        await clone.run("pulumi stack init local");
        const [salt, ...more] = clone.read(file).replace(before, "").trim().split("\n");
        assert.match(salt, /^encryptionsalt: v1:/);
        assert.deepEqual(more, []);
    });

    it("previews it as it is committed, before anything is there", async () => {
        const preview = await clone.run("pulumi preview");
        assert.match(preview, /kubernetes:helm\.sh\/v3:Release egress-mesh-istiod create/);
        assert.match(preview, /\+ \d+ to create\n/);
        assert.doesNotMatch(preview, /error|Undefined value|egressPrefix/);
    });

    it("brings it up, with the probe's proof that the route works", async () => {
        const { mesh, nginxImage, curlImage } = local.settings;
        clone.configure("local", {
            mesh,
            server: nginxImage === undefined ? undefined : { image: nginxImage },
            probe: { image: curlImage },
        });
        isUp = true;
        const up = await clone.run("pulumi up --yes");
        assert.match(up, /kubernetes:batch\/v1:Job egress-partner-probe-job created/);
        assert.match(up, /\+ \d+ created\n/);
    });

    it("finds nothing to change in the next preview, also with its differences, nor in a refresh", async () => {
        for (const line of ["pulumi preview", "pulumi preview --diff", "pulumi refresh --yes", "pulumi up --yes"]) {
            assert.match(await clone.run(line), /Resources:\n +\d+ unchanged\n/, line);
        }
    });

    it("keeps everything when the API server's URL is spelled otherwise", async () => {
        const kubeconfig = clone.write("other.kubeconfig", otherSpelling(clone.read(local.kubeconfig)));
        const preview = await clone.run("pulumi preview", { KUBECONFIG: join(clone.folder, kubeconfig) });
        assert.doesNotMatch(preview, /replace|create|delete/);
    });

    it("lists its certificates and reports its next change, by the stack's own name", async () => {
        assert.match(await clone.run("npm run --silent certs -- --stack local"), /partner/);
        await clone.run("npm run --silent report -- --stack local --out report");
        assert.match(clone.read("report/report.md"), /local/);
    });

    it("refuses a wrong value with its path and fix, before anything changes", async () => {
        const allowFrom = [{ namespace: "payments" }];
        clone.configure("local", { routes: [{ name: "partner", hosts: ["*.example"], allowFrom }] });
        const { stdout, stderr, exitCode } = await clone.attempt("pulumi up --yes");
        assert.notEqual(exitCode, 0);
        assert.match(stdout + stderr, /routes\[0\]\.hosts\[0\]: "\*\.example" covers a whole public suffix/);
        assert.doesNotMatch(stdout + stderr, /\bat .*\.[jt]s:\d+:\d+|updated|deleted/);
    });

    it("destroys it and leaves no namespace", async () => {
        const destroyed = await clone.run("pulumi destroy --yes");
        isUp = false;
        assert.match(destroyed, /- \d+ deleted\n/);
        const namespaces = await namespacesOf(local);
        for (const one of ["istio-system", "istio-egress", "mesh-external", "payments"]) {
            assert.ok(!namespaces.includes(one), one);
        }
    });
});

/** The same API server at another spelling of its URL: an explicit name of this machine instead of its address. */
function otherSpelling(kubeconfig: string): string {
    return kubeconfig.replace(/(server: https:\/\/[^\n]*)/, "$1/");
}
