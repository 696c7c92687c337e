import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppsV1Api } from "@kubernetes/client-node";
import { builtBinary } from "../../lab/build/build";
import { up } from "../../lab/cluster/up";
import { command } from "../../lab/command";
import { findPlugins } from "../../lab/engine";
import { labCluster } from "../../lab/local/cluster";
import { localEngine } from "../../lab/local/engine";
import { Cluster } from "../../lab/proof/cluster";
import { runChild } from "../child";
import { compile, linkPackages, temporaryFolder } from "../compiled";
import { type Answer, type Task, answerIn } from "../operation";
import type { Figure, Part } from "../part";
import { takeDownLater } from "../takeDown";
import { ChartRelease, chartReleases } from "./charts";
import { empty } from "./emptiness";
import { figures } from "./figures";
import { Helm } from "./helmAlone";
import { phases } from "./phases";
import type { ProgramInput } from "./program";

/** Helm looks every two seconds, so what it waits for takes two seconds more or less. */
const ROUNDS = 5;

/** An update, and how long its process took as a whole. */
interface Ours extends Answer {
    processSeconds: number;
}

type Pulumi = (operation: Task<ProgramInput>["operation"]) => Promise<Ours>;

interface Stage {
    cluster: Cluster;
    releases: ChartRelease[];
    helm: Helm;
    pulumi: Pulumi;
}

export const install: Part = {
    name: "install",
    what: "From an empty cluster to mesh and gateway",
    run: async (tell) => measure(await open(tell), tell),
};

/** An empty lab, and what installs in it. */
async function open(tell: (line: string) => void): Promise<Stage> {
    const takeDown = () => command("npm", ["run", "--silent", "demo", "--", "--down", "--lab"]);
    takeDownLater(takeDown);
    await takeDown();
    const engine = await localEngine({ download: false, build: true, say: tell });
    const plugins = await findPlugins({ engine, names: ["kubernetes"] });
    [engine, ...plugins].forEach(({ line }) => tell(line));
    const folder = await temporaryFolder("install");
    await compile("bench/install/tsconfig.json", folder);
    await linkPackages(folder);

    const { kubeconfig, settings } = labCluster(await up({ onProgress: tell }));
    const input: ProgramInput = { kubeconfig, mesh: settings.mesh, gateway: { minReplicas: 1 } };
    const task = {
        ...{ engine, plugins, input, stack: "install" },
        stateDir: join(folder, "state"),
        passphrase: randomBytes(24).toString("base64url"),
        env: { MESH_EGRESS_HELM: builtBinary("helm") },
        follow: true,
    };
    const pulumi: Pulumi = async (operation) => {
        const { stdout, seconds } = await runChild(process.execPath, [join(folder, "bench", "install", "child.js")], {
            what: `${operation} of mesh and gateway`,
            input: JSON.stringify({ ...task, operation } satisfies Task<ProgramInput>),
        });
        return { ...answerIn(stdout), processSeconds: seconds };
    };
    return { cluster: new Cluster(kubeconfig), releases: chartReleases(input), helm: new Helm(kubeconfig), pulumi };
}

async function measure({ cluster, releases, helm, pulumi }: Stage, tell: (line: string) => void): Promise<Figure[]> {
    const namespaces = [...new Set(releases.map(({ namespace }) => namespace))];
    const withHelm = async () => {
        const charts = await helm.install(releases, { wait: true });
        await assertAvailable(cluster, releases);
        const manifests = await helm.manifests(releases);
        await helm.uninstall(releases);
        await empty(cluster, namespaces);
        return { charts, manifests };
    };
    const withPulumi = async () => {
        const up = await pulumi("up");
        await assertAvailable(cluster, releases);
        const manifests = await helm.manifests(releases);
        await pulumi("destroy");
        await empty(cluster, namespaces);
        return { up, manifests };
    };

    const baseWithoutWait = async () => {
        const base = releases.filter(({ id }) => id === "base");
        const [seconds] = await helm.install(base, { wait: false });
        await helm.uninstall(base);
        await empty(cluster, namespaces);
        return seconds;
    };

    tell("once each, so that images are unpacked and programs in memory");
    await pulumi("preview");
    const { manifests: expected } = await withHelm();

    const rounds: Parameters<typeof figures>[0] = [];
    for (let round = 1; round <= ROUNDS; round++) {
        const { up, manifests } = await withPulumi();
        assertSame(manifests, expected, releases);
        const { charts } = await withHelm();
        const names = releases.map(({ resource }) => resource);
        rounds.push({
            seconds: up.seconds,
            processSeconds: up.processSeconds,
            phases: phases(up.resources, names, up.seconds),
            helm: charts,
            baseWithoutWait: await baseWithoutWait(),
        });
        tell(`round ${round}: ${JSON.stringify(rounds[round - 1])}`);
    }
    return figures(
        rounds,
        releases.map(({ id }) => id),
    );
}

/** Throws unless istiod and the gateway are available now. */
async function assertAvailable(cluster: Cluster, releases: ChartRelease[]): Promise<void> {
    for (const { id, name, namespace } of releases.filter(({ id }) => id !== "base")) {
        const { metadata, spec, status } = await cluster.api(AppsV1Api).readNamespacedDeployment({ name, namespace });
        const isAvailable =
            status?.observedGeneration === metadata?.generation && status?.availableReplicas === spec?.replicas;
        if (!isAvailable) {
            throw new Error(`${id} was reported as installed, and is not available: ${JSON.stringify(status)}`);
        }
    }
}

/** Throws if the same charts with the same values did not create the same objects. */
function assertSame(ours: string[], theirs: string[], releases: ChartRelease[]): void {
    const others = releases.filter((_, index) => ours[index] !== theirs[index]);
    if (others.length > 0) {
        throw new Error(
            `the releases differ, so times can't be compared: ${others.map(({ name }) => name).join(", ")}`,
        );
    }
}
