import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { Listr } from "listr2";
import { lab } from "../cluster/lab";
import { down, up } from "../cluster/up";
import { EngineChoice, PluginChoice, findPlugins } from "../engine";
import { failedDownloadLine, noteFailedDownload, wasRefusedLately } from "./downloads";
import { localEngine } from "./engine";
import { LabError, messageOf } from "../errors";
import { Cluster } from "../proof/cluster";
import { PROOFS, ProofContext } from "../proof/proofs";
import { openProofContext } from "../proof/context";
import { stopWorkloads } from "../proof/workloads";
import {
    ClusterChoice,
    KIND_REMOVAL,
    LocalCluster,
    announcedChoice,
    choiceOf,
    findTakeDown,
    kindCluster,
    labCluster,
    namedCluster,
    nextSteps,
} from "./cluster";
import { resourceProgress } from "./progress";
import { forgetLocalStack, openLocalStack } from "./stack";
import { Row, proofTable } from "./table";

const HELP = `Creates the local environment on a real cluster and verifies its promises. You can run it again at any time.

  npm run demo                                  on kind where Docker runs, on the lab of this machine where it does not
  npm run demo -- --lab                         on the lab, although Docker runs
  npm run demo -- --kubeconfig FILE             on your own cluster
  npm run demo -- --offline                     without downloading the official Pulumi engine and plugins
  npm run demo -- --down                        remove it; repeat --kubeconfig, --context and --lab

  --context NAME        context of the kubeconfig; default: its current one
  --charts C            Istio's charts: URL of a Helm repository, or folder with base, istiod and gateway;
                        default: Istio's own repository, or the lab's charts on the lab
  --istio-version V     version of the charts; default: the version that this package is tested with

You can also set MESH_EGRESS_KUBECONFIG, MESH_EGRESS_CONTEXT, MESH_EGRESS_CHARTS and MESH_EGRESS_ISTIO_VERSION instead of the options.`;

interface Demo {
    cluster: LocalCluster;
    engine: EngineChoice;
    plugins: PluginChoice[];
    stack: Stack;
    context: ProofContext;
    rows: Row[];
}

function steps(choice: ClusterChoice, mayDownload: boolean): Listr<Demo> {
    const download = mayDownload && !wasRefusedLately();
    return new Listr<Demo>(
        [
            {
                title: "Find a cluster",
                task: async (demo, task) => {
                    demo.cluster = await findCluster(choice, (text) => (task.output = text));
                    task.title = `Cluster: ${demo.cluster.line}`;
                },
            },
            {
                title: "Find the Pulumi engine",
                task: async (demo, task) => {
                    demo.engine = await localEngine({ download, build: true, say: (text) => (task.output = text) });
                    task.title = `Engine: ${demo.engine.line}`;
                },
            },
            {
                title: "Find the provider plugins",
                task: async (demo, task) => {
                    demo.plugins = await findPlugins({ engine: demo.engine, download });
                    const failed = mayDownload ? failedDownloadLine(demo.plugins) : undefined;
                    if (download && failed) {
                        noteFailedDownload();
                    }
                    const lines = demo.plugins.map(({ line }) => `Plugin: ${line}`);
                    task.title = [...lines, ...(failed ? [failed] : [])].join("\n");
                },
            },
            {
                title: "pulumi up",
                task: async (demo, task) => {
                    demo.stack = await openLocalStack(demo.engine, demo.plugins, demo.cluster);
                    const progress = resourceProgress((text) => (task.output = text));
                    // The cluster may be another one than last time, under the same name.
                    const { summary } = await demo.stack
                        .up({ refresh: true, onEvent: progress.onEvent })
                        .catch((error: unknown) => Promise.reject(progress.failure(error) as Error));
                    task.title = `pulumi up: ${progress.summary(summary.resourceChanges)}`;
                },
            },
            {
                title: "Start an application in the mesh, and one outside of it",
                task: async (demo) => {
                    const { kubeconfig, context, settings } = demo.cluster;
                    demo.context = await openProofContext(new Cluster(kubeconfig, context), settings.curlImage);
                },
            },
            {
                title: "Prove it",
                task: (demo, task) => {
                    demo.rows = [];
                    return task.newListr(
                        PROOFS.map((proof) => ({
                            title: proof.claim,
                            task: async () => {
                                const row: Row = { claim: proof.claim, expected: proof.expected, seen: "", ok: false };
                                demo.rows.push(row);
                                try {
                                    row.seen = await proof.observe(demo.context);
                                    row.ok = true;
                                } catch (error) {
                                    row.seen = messageOf(error);
                                    throw error;
                                }
                            },
                        })),
                        { exitOnError: false },
                    );
                },
            },
            {
                title: "A preview with a refresh finds nothing to change",
                task: async (demo, task) => {
                    const { changeSummary } = await demo.stack.preview({ refresh: true });
                    const changes = Object.entries(changeSummary).filter(([kind]) => kind !== "same");
                    const ok = changes.length === 0;
                    const seen = ok ? "no changes" : changes.map(([kind, count]) => `${count} ${kind}`).join(", ");
                    demo.rows.push({ claim: task.title, expected: "no changes", seen, ok });
                    if (!ok) {
                        throw new Error(seen);
                    }
                },
                exitOnError: false,
            },
        ],
        { rendererOptions: { collapseSubtasks: false } },
    );
}

/** The cluster that was named, else kind, else the lab. */
async function findCluster(choice: ClusterChoice, say: (text: string) => void): Promise<LocalCluster> {
    const named = choice.kubeconfig && namedCluster({ ...choice, kubeconfig: choice.kubeconfig });
    return named || (await kindCluster(choice)) || labCluster(await up({ onProgress: say }));
}

async function takeDown(choice: ClusterChoice): Promise<void> {
    const { cluster, kind } = await findTakeDown(choice);
    if (cluster === undefined) {
        await labSteps().run();
    } else if (kind === "gone") {
        forgetLocalStack(cluster);
        rmSync(cluster.kubeconfig);
        console.log("kind no longer has the demo's cluster. The stack's state is deleted.");
    } else {
        await destroySteps(cluster).run();
        if (kind === "kept") {
            console.log(`kind's cluster is kept for the next demo. Remove it: ${KIND_REMOVAL}`);
        }
    }
}

function destroySteps(cluster: LocalCluster): Listr {
    return new Listr([
        {
            title: "Destroy the stack",
            task: async (_, task) => {
                const engine = await localEngine({ download: false, build: false });
                const plugins = await findPlugins({ engine, download: false });
                const stack = await openLocalStack(engine, plugins, cluster);
                await stopWorkloads(new Cluster(cluster.kubeconfig, cluster.context));
                await stack.destroy({ onEvent: resourceProgress((text) => (task.output = text)).onEvent });
                forgetLocalStack(cluster);
                task.title = `Destroyed the stack on ${cluster.line}`;
            },
        },
    ]);
}

function labSteps(): Listr {
    return new Listr([
        {
            title: "Take the lab down, with everything in it",
            skip: () => lab() === undefined && "the lab is not running",
            task: async (_, task) => {
                const running = lab();
                await down({ onProgress: (text) => (task.output = text) });
                if (running) {
                    forgetLocalStack(labCluster(running));
                }
            },
        },
    ]);
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            help: { type: "boolean", short: "h" },
            offline: { type: "boolean" },
            down: { type: "boolean" },
            lab: { type: "boolean" },
            kubeconfig: { type: "string" },
            context: { type: "string" },
            charts: { type: "string" },
            "istio-version": { type: "string" },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const { kubeconfig, context, charts, "istio-version": istioVersion } = values;
    const choice = choiceOf({ kubeconfig, context, charts, istioVersion, lab: values.lab });
    if (values.down) {
        await takeDown(choice);
        return;
    }
    if (!choice.kubeconfig) {
        console.log(`${await announcedChoice(choice)}\n`);
    }
    const demo = await steps(choice, !values.offline && process.env.CI !== "true").run({} as Demo);

    const failed = demo.rows.filter(({ ok }) => !ok);
    console.log(`\n${proofTable(demo.rows)}\n`);
    console.log(nextSteps(choice, demo.cluster).join("\n"));
    process.exitCode = failed.length > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
});
