import { readFileSync } from "node:fs";
import { attempt } from "../command";
import { imageStore, kubeletFolder, runFolder } from "./places";

/**
 * The mount points at or below some folders in the text of /proc/mounts, the deepest and latest first. At it too: the
 * kubelet mounts its folder onto itself to share what is mounted below.
 */
export function mountsWithin(mounts: string, folders: string[]): string[] {
    return mounts
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "")
        .map((path) => path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
        .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
        .reverse();
}

export function ownMounts(): string[] {
    return mountsWithin(readFileSync("/proc/mounts", "utf8"), [runFolder, kubeletFolder, imageStore]);
}

export async function unmountAll(): Promise<void> {
    for (const path of ownMounts()) {
        const { exitCode } = await attempt("umount", [path]);
        // The mount is busy for a moment after its last process has ended.
        if (exitCode !== 0) await attempt("umount", ["--lazy", path]);
    }
}
