import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../../../lab/errors";
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

    const debian = { platform: "linux", arch: "x64" } as const;
    const mac = { platform: "darwin", arch: "arm64" } as const;
    const takesLab = /^Takes the lab on this machine\. .*25 minutes.*--kubeconfig FILE$/;

    it("is announced with its time before it begins: the lab where there is no Docker, kind where there is", async () => {
        assert.match(await announcedChoice({}, debian), takesLab);
        standIn("docker", "exit 0");
        standIn("kind", "exit 0");
        assert.match(await announcedChoice({}, debian), /^Takes kind: .*some minutes.*--kubeconfig FILE$/);
        assert.ok(!existsSync(join(folder, "kind.calls")), "nothing was asked of kind yet");
    });

    it("is not chosen where Docker runs without kind: the one line that installs it is told, and how to take the lab", async () => {
        standIn("docker", "exit 0");
        assert.equal(await kindState(), "missing");
        assert.equal(await kindCluster({}), undefined);
        const told = await announcedChoice({}, debian).catch(messageOf);
        assert.match(
            told,
            /^Docker runs, but kind is missing\. Install it: go install .*kind@latest\n.*demo -- --lab .*25 minutes/,
        );
        assert.ok(told.endsWith("\nAnother cluster: --kubeconfig FILE"));
    });

    it("is the lab where that is asked for, although there is kind", async () => {
        standIn("docker", "exit 0");
        standIn("kind", "exit 1");
        assert.match(await announcedChoice({ lab: true }, debian), takesLab);
        assert.equal(await kindCluster({ lab: true }), undefined);
    });

    it("is never the lab on a machine that the lab does not run on", async () => {
        const other = "\nThe lab does not run on this machine (darwin, arm64).\nAnother cluster: --kubeconfig FILE";
        const brew = kindInstallation("darwin");
        const told = (choice: { lab?: boolean } = {}) => announcedChoice(choice, mac).catch(messageOf);
        assert.equal(await told(), `Start Docker, and install kind: ${brew}${other}`);
        standIn("docker", "exit 0");
        assert.equal(await told(), `Docker runs, but kind is missing. Install it: ${brew}${other}`);
        standIn("kind", "exit 0");
        assert.equal(await told({ lab: true }), other.trim());
        assert.match(await told(), /^Takes kind/);
    });

    it("is not kind where the Docker client has no engine", async () => {
        standIn("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        standIn("kind", "exit 0");
        assert.equal(await kindState(), "no docker");
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
