import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readText } from "./procfs";

/**
 * Everything the lab runs, its own daemons and every container, is in control groups below this name. They answer
 * "what is ours?" exactly, even when a record was lost; killing by program name would hit other people's processes.
 */
export const cgroupName = "mesh-egress-lab";

const mount = "/sys/fs/cgroup";
const isUnified = () => existsSync(join(mount, "cgroup.controllers"));

/** The roots of all hierarchies: one on cgroup v2, one a controller on v1. */
function hierarchies(): string[] {
    if (isUnified()) return [mount];
    return readdirSync(mount)
        .map((name) => join(mount, name))
        .filter((folder) => existsSync(join(folder, "cgroup.procs")));
}

/** Creates what the kubelet expects to find, and the group that the lab's own daemons join. */
export function createCgroups(): void {
    for (const hierarchy of hierarchies()) {
        mkdirSync(join(hierarchy, cgroupName, "system"), { recursive: true });
        if (!isUnified()) continue;
        for (const folder of [hierarchy, join(hierarchy, cgroupName)]) {
            const available = readFileSync(join(folder, "cgroup.controllers"), "utf8").trim().split(" ");
            for (const controller of available) {
                try {
                    writeFileSync(join(folder, "cgroup.subtree_control"), `+${controller}`);
                } catch {
                    // Some controllers are not available everywhere. The kubelet reports the ones that it needs.
                }
            }
        }
    }
}

/** Files into which a process writes its number to join the lab's daemons; one hierarchy is enough to find it again. */
export function joinFile(): string {
    const hierarchy = isUnified() ? mount : (hierarchies().find((path) => path.endsWith("/pids")) ?? hierarchies()[0]);
    return join(hierarchy, cgroupName, "system", "cgroup.procs");
}

/** The lab's groups, children before their parents. */
export function ownCgroups(): string[] {
    return hierarchies().flatMap((hierarchy) => descend(join(hierarchy, cgroupName)));
}

function descend(folder: string): string[] {
    if (!existsSync(folder)) return [];
    const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...children.flatMap(({ name }) => descend(join(folder, name))), folder];
}

/** Every process in the lab's groups. */
export function ownPids(): number[] {
    const pids = ownCgroups().flatMap((folder) => (readText(join(folder, "cgroup.procs")) ?? "").split("\n"));
    return [...new Set(pids.filter(Boolean).map(Number))];
}

export function removeCgroups(): void {
    for (const folder of ownCgroups()) {
        try {
            rmdirSync(folder);
        } catch {
            // Still in use: `leftovers` names it.
        }
    }
}
