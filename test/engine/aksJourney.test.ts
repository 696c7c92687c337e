import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { machine } from "../support/machine";
import { noCluster } from "../support/noCluster";
import { RepositoryCopy } from "../support/repositoryCopy";
import { READY, type StandInAz, standInAz } from "../support/standInAz";
import { ADMIN_GROUP } from "../support/stacks";

const PAGE = join(__dirname, "../../docs/azure.md");

/** The commands of docs/azure.md from a clone to dev, typed as the page has them; `az` and azure-native are stand-ins. */
describe("from a clone to the dev environment, by commands", function () {
    this.timeout(240_000);
    let clone: RepositoryCopy;
    let az: StandInAz;
    const [init, admins, check, up] = commands();

    before(async function () {
        const setup = await machine.engine(this);
        const { folder } = await machine.languages(this);
        az = await standInAz(READY);
        clone = new RepositoryCopy(setup, [az.folder, folder].join(delimiter));
    });

    after(async () => {
        clone?.leave();
        await az?.close();
    });

    it("asks for the group of administrators, and for nothing else", async () => {
        await clone.run(init);
        const { stdout, stderr, exitCode } = await clone.attempt(check);
        assert.equal(exitCode, 2);
        assert.match(stdout + stderr, /mesh-egress:azure\.adminGroup: is missing/);
        assert.equal((stdout + stderr).split("is missing").length, 2);
    });

    it("finds everything on Azure that the stack needs", async () => {
        // The group's id is what the page asks az for.
        await clone.run(admins.replace(/"\$\(az .*\)"/, ADMIN_GROUP));
        assert.match(await clone.run(check), /Azure has everything that stacks\/Pulumi\.dev\.yaml needs in westeurope/);
    });

    it("previews the environment", async () => {
        const preview = await clone.run(up.replace("pulumi up", "pulumi preview"));
        assert.match(preview, /kubernetes:helm\.sh\/v3:Release egress-mesh-istiod create/);
        assert.match(preview, /azure-native:containerservice:ManagedCluster egress-aks-cluster create/);
        assert.doesNotMatch(preview, /error:/);
    });

    // Of a cluster that is there already, because a preview loads no chart where it does not know the cluster yet.
    it("takes folders of charts from the root of the project, not from that of the program", async () => {
        await clone.run("pulumi stack init local");
        const charts = Object.fromEntries(["base", "istiod", "gateway"].map((chart) => [chart, `./charts/${chart}`]));
        clone.configure("local", { cluster: { kubeconfig: noCluster() }, mesh: { charts } });
        for (const chart of Object.keys(charts)) {
            mkdirSync(join(clone.folder, "charts", chart), { recursive: true });
            clone.write(`charts/${chart}/Chart.yaml`, `apiVersion: v2\nname: ${chart}\nversion: 1.31.0\n`);
        }
        assert.match(await clone.run("pulumi preview"), /egress-mesh-istiod create/);
    });
});

/** Those of the steps that a program can type: the page's, without installing and logging in. */
function commands(): string[] {
    const page = readFileSync(PAGE, "utf8");
    const [journey] = page.split("\n## From a fresh machine to the dev environment\n")[1].split("\n## ");
    return [...journey.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, block]) => block.trim());
}
