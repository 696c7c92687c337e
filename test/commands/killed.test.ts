import assert from "node:assert/strict";
import { binary } from "../../lab/build/build";
import { LocalCluster } from "../../lab/local/cluster";
import { namespacesOf } from "../support/clusterState";
import { KillPoint, killUpdate, recoverAndUpdate } from "../support/killedUpdate";
import { machine } from "../support/machine";
import { RepositoryCopy } from "../support/repositoryCopy";

/** Points in the creation of the local stack, each in another kind of resource; an update after each brings it to the next. */
const POINTS: Record<string, KillPoint> = {
    "while the first namespaces are made": { says: /kubernetes:core\/v1:Namespace .* creating/ },
    "while Helm installs istiod": { says: /Release egress-mesh-istiod creating/ },
    "while the gateway starts": { says: /Release egress-gateway.* creating|Deployment egress-gateway.* creating/ },
    "while a route's objects are made": { says: /ServiceEntry .* creating|VirtualService .* creating/ },
    "while the probe calls": { says: /Job .* creating/ },
};

describe("an update that was killed with kill -9", function () {
    let clone: RepositoryCopy;
    let local: LocalCluster;

    before(async function () {
        const setup = await machine.engine(this);
        const { folder } = await machine.languages(this);
        machine.program(this, "kubectl");
        local = await machine.emptyCluster(this);
        const helm = binary("helm");
        clone = new RepositoryCopy(setup, folder, {
            KUBECONFIG: local.kubeconfig,
            ...(helm && { MESH_EGRESS_HELM: helm }),
        });
        await clone.run("pulumi stack init local");
        const { mesh, nginxImage, curlImage } = local.settings;
        clone.configure("local", {
            mesh,
            server: nginxImage === undefined ? undefined : { image: nginxImage },
            probe: { image: curlImage },
        });
    });

    after(async () => {
        await clone?.attempt("npm run --silent recover -- --stack local --yes");
        await clone?.attempt("pulumi destroy --yes");
        clone?.leave();
    });

    for (const [where, point] of Object.entries(POINTS)) {
        it(`is taken up by one command ${where}, and the next one goes on`, async () => {
            const { killed, output } = await killUpdate(clone, point);
            assert.ok(killed, `the update ended first:\n${output.slice(-1000)}`);
            const looked = await clone.attempt("npm run --silent recover -- --stack local");
            // 0 where the engine died before it had noted what it says; test/engine/killedUpdate.test.ts knows what was.
            assert.ok([0, 1].includes(looked.exitCode), looked.stdout + looked.stderr);
            // The point comes again with the next update, which is killed there in its turn.
            const recover = await clone.attempt("npm run --silent recover -- --stack local --yes");
            assert.equal(recover.exitCode, 0, recover.stdout + recover.stderr);
        });
    }

    it("leaves a stack that is complete after the next update, without a difference", async () => {
        const { recover, up } = await recoverAndUpdate(clone, "local");
        assert.equal(recover.exitCode, 0, recover.stderr);
        assert.equal(up.exitCode, 0, up.stdout + up.stderr);
        for (const line of ["pulumi preview", "pulumi refresh --yes", "pulumi up --yes"]) {
            assert.match(await clone.run(line), /Resources:\n +\d+ unchanged\n/, line);
        }
    });

    it("leaves nothing behind once it is destroyed", async () => {
        assert.match(await clone.run("pulumi destroy --yes"), /- \d+ deleted\n/);
        const namespaces = await namespacesOf(local);
        for (const one of ["istio-system", "istio-egress", "mesh-external", "payments"]) {
            assert.ok(!namespaces.includes(one), one);
        }
    });
});
