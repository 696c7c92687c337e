import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../../../lab/errors";
import {
    announcedChoice,
    choiceOf,
    findTakeDown,
    kindCluster,
    kindInstallation,
    kindState,
    namedCluster,
    nextSteps,
} from "../../../../lab/local/cluster";
import { rememberEnvironment } from "../../../support/environment";

/** Stand-ins of `docker` and `kind` on PATH: they answer as the real commands do where this code calls them. */
describe("the demo's cluster, with stand-ins of docker and kind", () => {
    let folder: string;
    const restore = rememberEnvironment("PATH", "MESH_EGRESS_CACHE");

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-kind-"));
        process.env.PATH = `${folder}:/usr/bin:/bin`;
        process.env.MESH_EGRESS_CACHE = folder;
    });
    afterEach(() => {
        restore();
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
            /^Docker runs, but kind is missing\. Install it: sudo curl .*kind-linux-amd64 .*\n.*demo -- --lab .*25 minutes/,
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
        const brew = kindInstallation(mac);
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

    describe("when it is taken down", () => {
        const kubeconfig = () => join(folder, "kind.kubeconfig");
        const LISTS_IT = 'if [ "$1" = get ]; then echo mesh-egress; fi';

        it("is the kind cluster of an earlier demo, with a fresh kubeconfig", async () => {
            writeFileSync(kubeconfig(), "");
            standIn("docker", "exit 0");
            standIn("kind", LISTS_IT);
            const { cluster, kind } = await findTakeDown({});
            assert.equal(cluster?.kubeconfig, kubeconfig());
            assert.equal(kind, "kept");
            assert.match(calls("kind"), /^export kubeconfig --name mesh-egress/m);
            assert.doesNotMatch(calls("kind"), /create|delete/);
        });

        it("is gone where kind no longer lists it, and not made again", async () => {
            writeFileSync(kubeconfig(), "");
            standIn("docker", "exit 0");
            standIn("kind", 'if [ "$1" = get ]; then echo another; fi');
            const { cluster, kind } = await findTakeDown({});
            assert.equal(cluster?.kubeconfig, kubeconfig());
            assert.equal(kind, "gone");
            assert.equal(calls("kind"), "get clusters\n");
        });

        it("needs Docker and kind to be known, and the error says how to get them", async () => {
            writeFileSync(kubeconfig(), "");
            const told = () => findTakeDown({}).then(() => "", messageOf);
            assert.match(await told(), /^The demo's cluster is kind's, and Docker does not run\. Start Docker\.\n/);
            standIn("docker", "exit 0");
            assert.match(await told(), /kind is not on PATH\. Install it: .*\n.*npm run demo -- --down --lab$/);
        });

        it("is the lab where no demo has made a kind cluster, although there is kind", async () => {
            standIn("docker", "exit 0");
            standIn("kind", LISTS_IT);
            assert.deepEqual(await findTakeDown({}), {});
            assert.ok(!existsSync(join(folder, "kind.calls")));
        });

        it("is what was named, and kind is not asked", async () => {
            writeFileSync(kubeconfig(), "");
            standIn("docker", "exit 0");
            standIn("kind", LISTS_IT);
            assert.deepEqual(await findTakeDown({ lab: true }), {});
            const own = join(folder, "own.kubeconfig");
            writeFileSync(own, "");
            const { cluster, kind } = await findTakeDown({ kubeconfig: own, context: "dev" });
            assert.deepEqual([cluster?.kubeconfig, cluster?.context, kind], [own, "dev", undefined]);
            assert.ok(!existsSync(join(folder, "kind.calls")));
        });
    });

    it("is taken down by the printed line, which repeats what was given", () => {
        const kubeconfig = join(folder, "my kubeconfig");
        writeFileSync(kubeconfig, "");
        const choice = { kubeconfig, context: "dev" };
        assert.deepEqual(nextSteps(choice, namedCluster(choice)), [
            `Look around:  export KUBECONFIG='${kubeconfig}'`,
            `For commands with --stack demo: export MESH_EGRESS_KUBECONFIG='${kubeconfig}' MESH_EGRESS_CONTEXT=dev`,
            `Take it down: npm run demo -- --down --kubeconfig '${kubeconfig}' --context dev`,
        ]);
        const ofLab = nextSteps({ lab: true }, { line: "", kubeconfig: "/var/lib/kubeconfig", settings: {} as never });
        assert.deepEqual(ofLab, [
            "Look around:  export KUBECONFIG=/var/lib/kubeconfig",
            "Take it down: npm run demo -- --down --lab",
        ]);
    });

    it("is chosen by the options, then by the environment, whose kubeconfig and context do not change what --lab means", () => {
        const env = { MESH_EGRESS_KUBECONFIG: "/env", MESH_EGRESS_CONTEXT: "dev", MESH_EGRESS_CHARTS: "./charts" };
        const of = (options: Parameters<typeof choiceOf>[0]) => {
            const { kubeconfig, context, lab, charts } = choiceOf(options, env);
            return [kubeconfig, context, lab, charts];
        };
        assert.deepEqual(of({}), ["/env", "dev", undefined, "./charts"]);
        assert.deepEqual(of({ kubeconfig: "/own" }), ["/own", undefined, undefined, "./charts"]);
        assert.deepEqual(of({ lab: true }), [undefined, undefined, true, "./charts"]);
    });

    it("needs a kind that getting started installs by the same lines", () => {
        const page = readFileSync(join(__dirname, "../../../../docs/getting-started.md"), "utf8");
        for (const machine of [debian, mac]) {
            assert.ok(page.includes(kindInstallation(machine)), machine.platform);
        }
        assert.ok(kindInstallation({ platform: "linux", arch: "arm64" }).includes("/kind-linux-arm64 "));
    });
});
