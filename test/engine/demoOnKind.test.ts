import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ControlPlane, startControlPlane } from "../../lab/controlPlane";
import { announcedChoice, kindCluster } from "../../lab/local/cluster";
import { openLocalStack } from "../../lab/local/stack";
import { namespacesOf } from "../support/clusterState";
import { EngineSetup, machine } from "../support/machine";

/*
 * The demo's way to a cluster with stand-ins of `docker` and `kind` on PATH: a machine of these tests runs no containers. The
 * stand-in of kind hands out a real API server where the real one would make a cluster; see the usage of `kind create cluster`
 * (pkg/cmd/kind/create/cluster) and `kind get clusters` in kubernetes-sigs/kind.
 */
const KIND_STAND_IN = `#!/bin/sh
# A stand-in of kind, for tests only.
case "$1 $2" in
    "get clusters") echo "No kind clusters found." >&2 ;;
    "create cluster")
        while [ $# -gt 0 ]; do [ "$1" = --kubeconfig ] && target=$2; shift; done
        cp "$KIND_STAND_IN_KUBECONFIG" "$target" ;;
    *) exit 1 ;;
esac
`;

describe("the demo on an ordinary machine, with stand-ins of docker and kind", function () {
    let setup: EngineSetup;
    let cluster: ControlPlane;
    let folder: string;
    const { PATH, MESH_EGRESS_CACHE } = process.env;
    /** What the engine of the demo gets from this process. */
    let ofEngine: Record<string, string> = {};

    before(async function () {
        setup = await machine.engine(this);
        const started = await startControlPlane();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver and kube-controller-manager; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        ofEngine = setup.env ?? {};
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-demo-"));
        const file = join(folder, "of-kind");
        writeFileSync(
            file,
            cluster.kubeconfig.replace('"name":"test","context"', '"name":"kind-mesh-egress","context"'),
            {
                mode: 0o600,
            },
        );
        for (const [name, script] of [
            ["docker", "#!/bin/sh\n# A stand-in of docker, for tests only.\nexit 0\n"],
            ["kind", KIND_STAND_IN],
        ]) {
            writeFileSync(join(folder, name), script);
            chmodSync(join(folder, name), 0o755);
        }
        Object.assign(process.env, {
            PATH: [folder, PATH].join(delimiter),
            MESH_EGRESS_CACHE: folder,
            KIND_STAND_IN_KUBECONFIG: file,
            ...ofEngine,
        });
    });

    after(async () => {
        process.env.PATH = PATH;
        for (const name of ["KIND_STAND_IN_KUBECONFIG", ...Object.keys(ofEngine)]) {
            delete process.env[name];
        }
        if (MESH_EGRESS_CACHE === undefined) {
            delete process.env.MESH_EGRESS_CACHE;
        } else {
            process.env.MESH_EGRESS_CACHE = MESH_EGRESS_CACHE;
        }
        await cluster?.stop();
        if (folder) {
            rmSync(folder, { recursive: true });
        }
    });

    it("takes kind without being told, says so first, and previews everything with Istio's official charts", async () => {
        assert.match(await announcedChoice({}), /^Takes kind:/);
        const local = await kindCluster({});
        assert.ok(local);
        assert.equal(local.context, "kind-mesh-egress");
        assert.ok((await namespacesOf(local)).includes("kube-system"));
        const stack = await openLocalStack(setup.engine, setup.plugins, local);
        const made: Record<string, unknown>[] = [];
        const { changeSummary } = await stack.preview({
            onEvent: ({ resourcePreEvent }) => {
                const inputs = resourcePreEvent?.metadata.new?.inputs as Record<string, unknown> | undefined;
                if (resourcePreEvent?.metadata.type === "kubernetes:helm.sh/v3:Release" && inputs) {
                    made.push(inputs);
                }
            },
        });
        assert.ok((changeSummary["create"] ?? 0) > 30);
        const repositories = made.map(({ repositoryOpts }) => (repositoryOpts as { repo: string }).repo);
        assert.deepEqual(new Set(repositories), new Set(["https://blob.istio.io/istio-release/charts"]));
    });
});
