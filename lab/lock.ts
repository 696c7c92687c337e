import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

interface Held {
    release: () => void;
}

/**
 * Runs `work` while no other process does the same. A child process holds the lock, and this process keeps its standard input
 * open. If this process ends in any way, the pipe closes, the child ends, and the lock is free. There are no stale lock files.
 */
export async function withLock<T>(file: string, onWait: (holder: string) => void, work: () => Promise<T>): Promise<T> {
    mkdirSync(dirname(file), { recursive: true });
    let held = await take(file, true);
    if (!held) {
        onWait(readHolder(file));
        held = await take(file, false);
    }
    if (!held) throw new Error(`the lock ${file} could not be taken: is "flock" of util-linux installed?`);
    writeFileSync(file, `${process.pid}`);
    try {
        return await work();
    } finally {
        held.release();
    }
}

function readHolder(file: string): string {
    const pid = readFileSync(file, "utf8").trim();
    return pid ? `process ${pid}` : "another process";
}

function take(file: string, atOnce: boolean): Promise<Held | undefined> {
    return new Promise((resolve, reject) => {
        const wait = atOnce ? ["--nonblock"] : [];
        const child = spawn("flock", [...wait, file, "sh", "-c", "echo held; exec cat"], {
            stdio: ["pipe", "pipe", "ignore"],
            // Ctrl-C reaches the whole process group, but the lock must outlive the work that it guards.
            detached: true,
        });
        child.once("error", reject);
        child.once("exit", () => resolve(undefined));
        child.stdout.once("data", () => resolve({ release: () => child.stdin.end() }));
    });
}
