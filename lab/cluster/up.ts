import { buildTasks } from "../build/build";
import { clusterTools, installPackages, missingPackages } from "../build/debian";
import { withLock } from "../lock";
import type { LabTask, OnProgress, Say } from "../progress";
import { run, step, together } from "../progress";
import { apiServer } from "./apiServer";
import { isStale, rememberAndSet } from "./before";
import { createCgroups } from "./cgroups";
import { containerd, importImages, removeContainers } from "./containerd";
import { controllerManager, scheduler } from "./controllers";
import { ensureCredentials } from "./credentials";
import { applyDns, dnsReady, waitForDns } from "./dns";
import { etcd } from "./etcd";
import { apply } from "./kubeApi";
import { kubelet } from "./kubelet";
import { kubeProxy, proxyBinding } from "./kubeProxy";
import type { Lab } from "./lab";
import { lab } from "./lab";
import { createNetwork } from "./network";
import { nodeReady, waitForNode } from "./node";
import { lockFile } from "./places";
import { policyEngine } from "./policyEngine";
import { preflight } from "./preflight";
import { ensureRunning, isRunning } from "./processes";
import type { DownOptions } from "./teardown";
import { teardownTasks } from "./teardown";

export interface Options {
    onProgress?: OnProgress;
    /** Show the steps as a list on the terminal. */
    show?: boolean;
}

export interface UpResult extends Lab {
    /** True when everything ran already, and nothing was changed. */
    wasRunning: boolean;
}

/** Starts the lab, or whatever of it does not run; builds what is not built. */
export async function up(options: Options = {}): Promise<UpResult> {
    // Before the lock, whose file only root may make.
    const running = await healthy();
    if (running) return { ...running, wasRunning: true };
    if (process.getuid?.() !== 0) await preflight();
    return alone(options, async () => {
        // Another process may have finished an `up` in the meantime.
        const meanwhile = await healthy();
        if (meanwhile) return { ...meanwhile, wasRunning: true };
        await run(upTasks(), options);
        return { ...lab()!, wasRunning: false };
    });
}

export { up as ensureUp };

/** Ends the lab and leaves nothing of it on the machine. */
export async function down(options: Options & DownOptions = {}): Promise<void> {
    await alone(options, () => run(teardownTasks(options), options));
}

function alone<T>({ onProgress, show }: Options, work: () => Promise<T>): Promise<T> {
    const wait: Say = (holder) => {
        const text = `Waiting for ${holder}, which is starting or stopping the lab`;
        onProgress?.(text);
        if (show) console.error(text);
    };
    return withLock(lockFile, wait, work);
}

async function healthy(): Promise<Lab | undefined> {
    const running = lab();
    return running && (await nodeReady()) && (await dnsReady()) ? running : undefined;
}

function upTasks(): LabTask[] {
    return [
        step("Check the machine", preflight),
        {
            title: "Clear what an earlier lab left",
            skip: () => !isStale() && "nothing is left",
            task: (_context, task) => task.newListr(teardownTasks()),
        },
        step("Install what is missing", (say) => installPackages(missingPackages(clusterTools), say)),
        { title: "Build what is missing", task: (_context, task) => task.newListr(buildTasks("lab")) },
        step("Prepare the machine", async () => {
            await rememberAndSet();
            createCgroups();
            await Promise.all([createNetwork(), ensureCredentials()]);
        }),
        together("Start the control plane and the container runtime", [
            step("Control plane", async (say) => {
                say("etcd");
                await ensureRunning(etcd());
                say("kube-apiserver");
                await ensureRunning(apiServer());
                say("kube-controller-manager, kube-scheduler, kube-proxy");
                await Promise.all([controllerManager(), scheduler()].map(ensureRunning));
                await apply(proxyBinding);
                await applyDns();
            }),
            step("Container runtime", async (say) => {
                await ensureRunning(containerd());
                // No containerd is running, so existing containers belong to a lab that crashed.
                if (!isRunning("kubelet") && !isRunning("kube-apiserver")) await removeContainers();
                say("importing images");
                await importImages();
            }),
        ]),
        step("Start the node", async () => {
            await Promise.all([kubelet(), kubeProxy(), policyEngine()].map(ensureRunning));
            await waitForNode();
        }),
        step("Start the cluster's DNS", waitForDns),
    ];
}
