import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { announcedChoice, kindCluster, kindInstallation, kindState, namedCluster } from "../../../../lab/local/cluster";

/** Stand-ins of `docker` and `kind` on PATH: they answer as the real commands do where this code calls them. */
describe("the demo's cluster, with stand-ins of docker and kind", () => {
    let folder: string;
    const before = { ...process.env };

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-kind-"));
        process.env.PATH = `${folder}:/usr/bin:/bin`;
        process.env.MESH_EGRESS_CACHE = folder;
    });
    afterEach(() => {
        Object.assign(process.env, { PATH: before.PATH });
        if (before.MESH_EGRESS_CACHE === undefined) {
            delete process.env.MESH_EGRESS_CACHE;
        } else {
            process.env.MESH_EGRESS_CACHE = before.MESH_EGRESS_CACHE;
        }
        rmSync(folder, { recursive: true });
    });

    function standIn(name: string, script: string) {
        const file = join(folder, name);
        writeFileSync(file, `#!/bin/sh\necho "$*" >> ${folder}/${name}.calls\n${script}\n`);
        chmodSync(file, 0o755);
    }
    const calls = (name: string) => readFileSync(join(folder, `${name}.calls`), "utf8");

    it("is kind, with Istio's official charts, where Docker runs and nothing is asked for", async () => {
        standIn("docker", "exit 0");
        standIn("kind", 'if [ "$1" = get ]; then echo "No kind clusters found." >&2; fi');
        const cluster = await kindCluster({});
        assert.ok(cluster);
        assert.equal(cluster.context, "kind-mesh-egress");
        assert.deepEqual(cluster.settings.mesh, { charts: undefined, version: undefined });
        assert.match(calls("kind"), /^create cluster --name mesh-egress --kubeconfig \S+ --wait 120s$/m);
    });

    it("is the same kind cluster the next time", async () => {
        standIn("docker", "exit 0");
        standIn("kind", 'if [ "$1" = get ]; then echo mesh-egress; fi');
        assert.ok(await kindCluster({}));
        assert.match(calls("kind"), /^export kubeconfig --name mesh-egress/m);
        assert.doesNotMatch(calls("kind"), /create/);
    });

    it("says the one line that installs kind, where Docker runs without it", async () => {
        standIn("docker", "exit 0");
        const { usable, hint } = await kindState();
        assert.equal(usable, false);
        assert.ok(hint?.endsWith(kindInstallation()));
        assert.equal(await kindCluster({}), undefined);
    });

    it("is announced with its time before it begins, and with the line that installs kind where that is missing", async () => {
        const debian = { platform: "linux", arch: "x64" } as const;
        assert.match(
            await announcedChoice(debian),
            /^Takes the lab on this machine\. .*25 minutes.*--kubeconfig FILE$/,
        );
        standIn("docker", "exit 0");
        assert.match(await announcedChoice(debian), /^Docker runs, but kind is missing\..*\nTakes the lab/);
        standIn("kind", "exit 0");
        assert.match(await announcedChoice(), /^Takes kind: .*some minutes.*--kubeconfig FILE$/);
        assert.ok(!existsSync(join(folder, "kind.calls")), "nothing was asked of kind yet");
    });

    it("is announced as kind's to install, and never as the lab, on a machine that the lab does not run on", async () => {
        const mac = { platform: "darwin", arch: "arm64" } as const;
        const other = "\nThe lab does not run on this machine (darwin, arm64). Another cluster: --kubeconfig FILE";
        assert.equal(await announcedChoice(mac), `Start Docker, and install kind: brew install kind${other}`);
        standIn("docker", "exit 0");
        const hint = "Docker runs, but kind is missing. Install it for a faster start: brew install kind";
        assert.equal(await announcedChoice(mac), `${hint}${other}`);
        assert.match(
            await announcedChoice({ platform: "linux", arch: "arm64" }),
            /go install .*kind@.*\nThe lab does not/,
        );
    });

    it("is not kind where the Docker client has no engine", async () => {
        standIn("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        standIn("kind", "exit 0");
        assert.deepEqual(await kindState(), { usable: false });
        assert.ok(!existsSync(join(folder, "kind.calls")));
    });

    it("needs no charts for a cluster that is named", () => {
        const kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, "");
        assert.deepEqual(namedCluster({ kubeconfig }).settings.mesh, { charts: undefined, version: undefined });
        const charts = "https://charts.example";
        assert.deepEqual(namedCluster({ kubeconfig, charts }).settings.mesh?.charts, { repository: charts });
    });
});
