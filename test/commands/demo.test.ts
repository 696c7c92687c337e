import assert from "node:assert/strict";
import { join } from "node:path";
import { lab } from "../../lab/cluster/lab";
import { Output, attempt } from "../../lab/command";
import { LocalCluster } from "../../lab/local/cluster";
import { Cluster } from "../../lab/proof/cluster";
import { PROOFS } from "../../lab/proof/proofs";
import { CURL_IMAGE, NGINX_IMAGE } from "../../plan/shared/officialSources";
import { labChartMirror } from "../support/chartMirror";
import { namespacesOf } from "../support/clusterState";
import { machine } from "../support/machine";
import { OrdinaryMachine, ordinaryMachine } from "../support/standInKind";

const ROOT = join(__dirname, "../..");
const NAMESPACES = ["istio-system", "istio-egress", "mesh-external", "payments"];

describe("npm run demo on an ordinary machine, with stand-ins of docker and kind that hand out the lab", function () {
    let local: LocalCluster;
    let ordinary: OrdinaryMachine | undefined;
    let env: Record<string, string>;
    let isUp = false;

    before(async function () {
        const setup = await machine.engine(this);
        local = await machine.emptyCluster(this);
        const running = lab();
        if (!running) {
            console.log("    skipped: kind's cluster can only be the lab's: npm run lab -- up");
            return this.skip();
        }
        ordinary = await ordinaryMachine(running);
        env = { ...setup.env, ...(await labChartMirror(running)), ...ordinary.env };
    });

    after(async () => {
        if (isUp) {
            await type("npm run --silent demo -- --down");
        }
        await ordinary?.leave();
    });

    function type(line: string): Promise<Output> {
        return attempt("sh", ["-c", line], { cwd: ROOT, env });
    }

    it("takes kind without being told, and shows every promise with the charts and images that are its defaults", async () => {
        isUp = true;
        const { stdout, stderr, exitCode } = await type("npm run --silent demo -- --offline");
        assert.equal(exitCode, 0, stdout + stderr);
        assert.match(stdout, /^Takes kind: a cluster "mesh-egress" in Docker/);
        assert.match(stdout, /Cluster: kind, in Docker \(kind-mesh-egress of /);
        const shown = stdout.slice(stdout.lastIndexOf("\n\n✔"));
        for (const { claim } of PROOFS) {
            assert.ok(shown.includes(`✔ ${claim}`), claim);
        }
        assert.match(shown, /✔ A preview with a refresh finds nothing to change +no changes/);
        const { items } = await new Cluster(local.kubeconfig, local.context).core.listPodForAllNamespaces();
        const images = items.flatMap(({ spec }) => spec?.containers.map(({ image }) => image));
        for (const image of [CURL_IMAGE, NGINX_IMAGE]) {
            assert.ok(images.includes(image), image);
        }
    });

    it("takes down what it made, and leaves kind's cluster as it was", async () => {
        const { stdout, stderr, exitCode } = await type("npm run --silent demo -- --down");
        assert.equal(exitCode, 0, stdout + stderr);
        isUp = false;
        const namespaces = await namespacesOf(local);
        assert.deepEqual(
            NAMESPACES.filter((one) => namespaces.includes(one)),
            [],
        );
        assert.ok(lab(), "the lab runs on");
    });
});
