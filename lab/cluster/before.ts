import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownChains, tables } from "./firewall";
import { etcdFolder, runFolder } from "./places";
import { bootId } from "./processes";
import { readText } from "./procfs";

/** How the machine was before the lab, so that `down` can put it back. */
export interface Before {
    boot: string;
    /** Kernel settings, by their path below /proc/sys. */
    settings: Record<string, string>;
    /** Firewall chains of other software whose names look like the lab's, by program. */
    chains: Record<string, string[]>;
    /** Folders that did not exist. */
    absent: string[];
}

const file = join(runFolder, "before.json");

/** What the lab sets; null for those that the kubelet sets by itself. */
const settings: Record<string, string | null> = {
    "net/ipv4/ip_forward": "1",
    // Pods of one bridge reach each other through services only if their packets pass iptables.
    "net/bridge/bridge-nf-call-iptables": "1",
    "vm/overcommit_memory": null,
    "vm/panic_on_oom": null,
    "kernel/panic": null,
    "kernel/panic_on_oops": null,
    "kernel/keys/root_maxkeys": null,
    "kernel/keys/root_maxbytes": null,
};

/** Folders with fixed names that the kubelet, containerd and CNI make outside the lab's own. */
const sharedFolders = ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/var/log/pods", "/run/containerd"];

export function before(): Before | undefined {
    const text = readText(file);
    return text === undefined ? undefined : (JSON.parse(text) as Before);
}

/** Whether the disk holds a lab whose processes ended with an earlier boot, or whose records are gone. */
export function isStale(): boolean {
    const known = before();
    return known ? known.boot !== bootId() : existsSync(etcdFolder);
}

export async function rememberAndSet(): Promise<void> {
    mkdirSync(runFolder, { recursive: true, mode: 0o711 });
    if (!existsSync(file)) {
        const present = Object.keys(settings).flatMap((name) => {
            const value = readText(`/proc/sys/${name}`);
            return value === undefined ? [] : [[name, value.trim()]];
        });
        const chains = await Promise.all(tables.map(async (program) => [program, await ownChains(program)]));
        const state: Before = {
            boot: bootId(),
            settings: Object.fromEntries(present) as Record<string, string>,
            chains: Object.fromEntries(chains) as Record<string, string[]>,
            absent: sharedFolders.filter((folder) => !existsSync(folder)),
        };
        writeFileSync(file, JSON.stringify(state, undefined, 2));
    }
    for (const [name, value] of Object.entries(settings)) if (value) writeSetting(name, value);
}

export function restoreSettings({ settings: earlier }: Before): void {
    for (const [name, value] of Object.entries(earlier)) writeSetting(name, value);
}

export function changedSettings({ settings: earlier }: Before): string[] {
    return Object.entries(earlier)
        .filter(([name, value]) => readFileSync(`/proc/sys/${name}`, "utf8").trim() !== value)
        .map(([name, value]) => `kernel setting ${name.replaceAll("/", ".")} is not ${value} again`);
}

function writeSetting(name: string, value: string): void {
    if (readText(`/proc/sys/${name}`)?.trim() === value) return;
    try {
        writeFileSync(`/proc/sys/${name}`, value);
    } catch {
        // Read-only in some containers; what depends on it says so itself.
    }
}

export function removeMadeFolders({ absent }: Before): void {
    for (const folder of absent) rmSync(folder, { recursive: true, force: true });
}
