import { lstatSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../errors";
import type { LabTask } from "../progress";
import { step } from "../progress";
import { networkName } from "./addresses";
import type { Before } from "./before";
import { before, removeMadeFolders, restoreSettings } from "./before";
import { ownPids, removeCgroups } from "./cgroups";
import { removeContainers } from "./containerd";
import { removeRules } from "./firewall";
import { leftovers } from "./leftovers";
import { unmountAll } from "./mounts";
import { removeNetwork } from "./network";
import { disposable, imageStore, podLogFolder, runFolder } from "./places";
import { removePolicies } from "./policyEngine";
import { end, isRunning, recordedNames, signal, stop } from "./processes";
import type { ProcessId } from "./procfs";
import { startTimeOf } from "./procfs";
import { until } from "./wait";

export interface DownOptions {
    /** Drop the image store too; the next `up` imports the images again. */
    images?: boolean;
}

/** The steps that leave nothing of the lab, from whatever state it is in. */
export function teardownTasks(options: DownOptions = {}): LabTask[] {
    return [
        step("Stop the cluster", async () => {
            // Clients of the API server are stopped first, because it waits for its watchers.
            const watchers = ["kubelet", "kube-proxy", "kube-scheduler", "kube-controller-manager"];
            await Promise.all([...watchers, "network-policy-stand-in"].map(stop));
            await Promise.all([stop("kube-apiserver"), stopContainers()]);
            await Promise.all(recordedNames().map(stop));
            await endStrays();
        }),
        step("Put the machine back", async () => {
            const earlier = before();
            await unmountAll();
            await removeNetwork();
            await removeRules(earlier?.chains);
            await removePolicies();
            if (earlier) restoreSettings(earlier);
            removeFiles(earlier, options);
            await until(() => {
                removeCgroups();
                return ownPids().length === 0;
            }, 5);
            await validateLeftovers(earlier);
        }),
    ];
}

async function stopContainers(): Promise<void> {
    if (isRunning("containerd")) await removeContainers();
    await stop("containerd");
}

/** The containers' shims, and processes without a record after a crash. They are found by the lab's control groups. */
async function endStrays(): Promise<void> {
    const strays = ownPids().flatMap((pid): ProcessId[] => {
        const startTime = startTimeOf(pid);
        return startTime === undefined ? [] : [{ pid, startTime }];
    });
    for (const stray of strays) signal(stray, "SIGKILL");
    await Promise.all(strays.map(end));
}

function removeFiles(earlier: Before | undefined, { images }: DownOptions): void {
    removeLogLinks();
    removeCniResults();
    for (const path of disposable) rmSync(path, { recursive: true, force: true });
    if (images) rmSync(imageStore, { recursive: true, force: true });
    if (earlier) removeMadeFolders(earlier);
    rmSync(runFolder, { recursive: true, force: true });
}

/** The kubelet links each log from a folder that all Kubernetes of a machine share. */
function removeLogLinks(): void {
    const folder = "/var/log/containers";
    for (const path of listing(folder)) {
        if (lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith(podLogFolder)) rmSync(path);
    }
}

/** What the CNI library noted for pods that it was never asked to delete. */
function removeCniResults(): void {
    for (const path of listing("/var/lib/cni/results")) {
        if (path.split("/").at(-1)?.startsWith(`${networkName}-`)) rmSync(path);
    }
}

function listing(folder: string): string[] {
    try {
        return readdirSync(folder).map((name) => join(folder, name));
    } catch {
        return [];
    }
}

async function validateLeftovers(earlier: Before | undefined): Promise<void> {
    let left: string[] = [];
    // The kernel removes interfaces and groups a moment after their last user.
    await until(async () => {
        left = await leftovers(earlier);
        if (left.length > 0) removeCgroups();
        return left.length === 0;
    }, 5);
    if (left.length > 0) {
        throw new LabError(
            `The lab is down, but these parts of it remain:\n${left.map((line) => `  ${line}`).join("\n")}`,
        );
    }
}
